/*
 * htmx writes into the page what our server has rendered. This is the one way in which text becomes part of it; what
 * would become a script is refused by the content security policy.
 */
if (window.trustedTypes) window.trustedTypes.createPolicy("default", { createHTML: (text) => text });
