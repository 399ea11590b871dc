"""Files that people send: checked, made into PDF, kept encrypted, deleted in time.

What strangers made is only ever decoded in a process of its own (`worker`), which imports this package; so nothing
heavy is imported here.

| module | |
|---|---|
| `intake` | the way in: size, virus scan, check, store |
| `workshop`, `worker` | processes with limits, one for each file |
| `photos`, `pdfs`, `jpegs`, `joining` | the decoding and writing itself; runs in those processes |
| `scanning` | a client of clamd |
| `store` | the encrypted table, and when files are deleted |
| `refusals`, `wording` | why a file is not taken, and what people read then |
"""
