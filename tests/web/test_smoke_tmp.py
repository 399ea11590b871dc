async def test_x(client, database):
    r = await client.post("/api/chat/sessions", json={})
    assert r.status_code == 201
