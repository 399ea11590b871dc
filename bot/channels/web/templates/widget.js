/** Cornavin on your page: a button, and the chat in a frame of its own origin. How to use it: /integration. */
(() => {
  const script = document.currentScript;
  if (!script || window.Cornavin) return;

  const TEXTS = {{ texts | tojson }};
  const OURS = "a3132f";
  const options = script.dataset;
  const address = (path) => new URL(path, script.src);
  const origin = address("/").origin;

  const language = [options.locale, document.documentElement.lang, "fr"]
    .map((tag) => (tag || "").toLowerCase().split(/[-_]/)[0])
    .find((tag) => Object.keys(TEXTS).includes(tag));
  const texts = TEXTS[language];

  /** Six hexadecimal digits of a colour on which white is legible (WCAG 1.4.3); undefined for any other. */
  const legible = (text) => {
    const [, short, long] = /^#?(?:([\da-f]{3})|([\da-f]{6}))$/i.exec(text.trim()) || [];
    const digits = short ? short.replace(/./g, "$&$&") : long;
    if (!digits) return;
    const luminance = [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const part = parseInt(digits.substr(2 * i, 2), 16) / 255;
      return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    }, 0);
    if (1.05 / (luminance + 0.05) >= 4.5) return digits.toLowerCase();
  };
  const wanted = options.colour || options.color;
  const colour = wanted && legible(wanted);
  if (wanted && !colour) console.warn(`Cornavin: data-colour "${wanted}" is no #rrggbb on which white is legible`);

  const frameAddress = address("embed");
  frameAddress.searchParams.set("lang", language);
  if (colour) frameAddress.searchParams.set("colour", colour);

  const CSS = `
    :host { all: initial !important; color-scheme: light dark !important; font: medium/1.3 system-ui, sans-serif !important;
      position: relative !important; z-index: 2147483000 !important; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    section { --strong: #${colour || OURS}; --header: var(--strong); }
    button { align-items: center; background: var(--strong); border: 2px solid #fff; color: #fff; cursor: pointer; display: flex;
      font: inherit; justify-content: center; }
    button:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
    svg { fill: none; flex: none; height: 1.5em; stroke: currentColor; stroke-linecap: round; stroke-linejoin: round;
      stroke-width: 2; width: 1.5em; }
    .launcher { border-radius: 1.75em; bottom: calc(1em + env(safe-area-inset-bottom)); box-shadow: 0 2px 10px #0005;
      gap: .6em; max-width: min(20em, calc(100vw - 2em)); min-height: 3.5em; min-width: 3.5em; padding: .5em .9em;
      position: fixed; right: 1em; text-align: start; }
    .launcher:hover { text-decoration: underline; }
    .label { min-width: 0; overflow-wrap: anywhere; }
    [aria-expanded="true"] .talk, [aria-expanded="false"] .down { display: none; }
    .badge { background: #fff; border-radius: 1em; color: #1c1c1e; font-weight: 600; min-width: 1.6em; padding: .1em .4em;
      text-align: center; }
    .status, [aria-expanded="true"] .label { clip-path: inset(50%); height: 1px; overflow: hidden; position: fixed; white-space: nowrap; width: 1px; }
    dialog { background: Canvas; border: 1px solid #8a8a92; border-radius: 1em; bottom: calc(5.5em + env(safe-area-inset-bottom));
      box-shadow: 0 6px 30px #0006; height: min(42em, calc(100vh - 7em)); inset-block-start: auto; left: auto; margin: 0;
      max-height: none; max-width: none; overflow: hidden; padding: 0; position: fixed; right: 1em;
      width: min(26em, calc(100vw - 2em)); }
    .left .launcher, .left dialog { left: 1em; right: auto; }
    .close { background: var(--header); border: 0; border-radius: .75em; height: 2.75em; padding: 0; position: absolute;
      right: .4em; top: .4em; width: 2.75em; }
    .close:focus-visible { outline-color: #fff; outline-offset: -4px; }
    iframe { border: 0; display: block; height: 100%; width: 100%; }
    @media (prefers-color-scheme: dark) {
      section { --header: #${colour || "6d1a2c"}; }
      .launcher:focus-visible { outline-color: #a8c7fa; }
    }
    @media (prefers-reduced-motion: no-preference) { dialog[open] { animation: rise .16s ease-out; } }
    @keyframes rise { from { opacity: 0; transform: translateY(.75em); } }
    @media (max-width: 30em), (max-height: 30em) {
      .launcher { min-height: 3em; padding: .4em .9em; }
      dialog, .left dialog { border: 0; border-radius: 0; bottom: 0; height: 100vh; height: 100dvh; left: 0; right: 0; top: 0;
        width: 100vw; }
    }
    @media (max-height: 30em) { .close { height: 2em; right: .25em; top: .15em; width: 2em; } }
    @media (forced-colors: active) { button { border-color: ButtonText; } .badge { border: 1px solid; } }
    @media print { :host { display: none !important; } }
  `;

  const make = (name, attributes, ...children) => {
    const kind = /^(svg|path)$/.test(name) ? "2000/svg" : "1999/xhtml";
    const element = document.createElementNS(`http://www.w3.org/${kind}`, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const icon = (...paths) => make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths);
  const line = (name, d) => make("path", { class: name, d });

  const badge = make("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  const status = make("p", { class: "status", role: "status", id: "news" });
  const launcher = make(
    "button",
    { class: "launcher", type: "button", "aria-expanded": "false", "aria-haspopup": "dialog", "aria-describedby": "news" },
    icon(line("talk", "M4 5h16v11H12l-5 4v-4H4z"), line("down", "M5 9l7 7 7-7")),
    make("span", { class: "label" }, options.greeting || texts.launcher),
    badge,
  );
  const closer = make("button", { class: "close", type: "button", "aria-label": texts.close }, icon(line("", "M6 6l12 12M18 6L6 18")));
  const dialog = make("dialog", { "aria-label": texts.title }, closer);
  const section = make("section", { class: options.position === "left" ? "left" : "right", "aria-label": texts.title, lang: language });
  section.append(launcher, status, dialog);

  const host = make("cornavin-widget");
  const shadow = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    shadow.append(make("style", {}, CSS)); // Safari before 16.4; needs style-src 'unsafe-inline' there
  }
  shadow.append(section);

  let frame = null;
  let loaded = false;
  let ready = false;
  let opener = null;
  let waiting = [];

  const tell = (message) => {
    if (!ready) waiting.push(message);
    if (loaded) frame.contentWindow.postMessage(message, origin);
  };

  const makeFrame = () => {
    frame?.remove();
    loaded = false;
    frame = make("iframe", { title: texts.title, referrerpolicy: "no-referrer", src: frameAddress });
    frame.addEventListener("load", () => {
      /** The page in the frame was left for another language; the new one does not know its host yet. */
      if (ready) waiting = [{ cornavin: dialog.open ? "open" : "close" }];
      ready = false;
      loaded = true;
      waiting.splice(0).forEach(tell);
    });
    dialog.append(frame);
  };

  const news = (count) => {
    badge.hidden = !count;
    badge.textContent = count;
    status.textContent = count ? texts.unread.replace("{count}", count) : "";
  };

  /** Full windows keep the focus inside; a panel beside the page does not. */
  const stand = () => {
    if (fills.matches) dialog.showModal();
    else dialog.setAttribute("open", "");
  };

  const show = (takesFocus) => {
    if (!dialog.showModal) return void window.open(address(`chat?lang=${language}`), "_blank", "noopener");
    if (!dialog.open) {
      opener = shadow.activeElement || document.activeElement;
      if (!frame || (loaded && !ready)) makeFrame();
      stand();
      launcher.setAttribute("aria-expanded", "true");
      news(0);
    }
    if (takesFocus) frame.focus();
    tell({ cornavin: "open", focus: takesFocus });
  };

  const close = () => {
    if (!dialog.open) return;
    const hadFocus = shadow.activeElement || dialog.matches(":modal");
    dialog.close();
    launcher.setAttribute("aria-expanded", "false");
    tell({ cornavin: "close" });
    if (!hadFocus) return;
    launcher.focus();
    if (opener && opener !== document.body && opener.isConnected) opener.focus();
  };

  const fills = matchMedia("(max-width: 30em), (max-height: 30em)");
  fills.onchange = () => {
    if (!dialog.open) return;
    const focused = shadow.activeElement;
    dialog.close();
    stand();
    focused?.focus();
  };
  launcher.addEventListener("click", () => (dialog.open ? close() : show(true)));
  closer.addEventListener("click", close);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  section.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  window.addEventListener("message", ({ source, origin: sender, data }) => {
    if (!frame || source !== frame.contentWindow || sender !== origin || !data) return;
    if (data.cornavin === "ready") {
      ready = true;
      waiting = [];
    }
    if (data.cornavin === "close") close();
    if (data.cornavin === "unread" && Number.isInteger(data.count) && !dialog.open) news(data.count);
  });

  const mounted = new Promise((resolve) => {
    const mount = () => {
      document.body.append(host);
      resolve();
    };
    if (document.body) mount();
    else document.addEventListener("DOMContentLoaded", mount);
  });

  window.Cornavin = Object.freeze({
    open: () => mounted.then(() => show(true)),
    close: () => mounted.then(close),
    ask: (text) =>
      mounted.then(() => {
        if (typeof text !== "string" || !text.trim()) return;
        show(true);
        tell({ cornavin: "ask", text });
      }),
  });
  if (options.open !== undefined && options.open !== "false") mounted.then(() => fills.matches || show(false));
})();
