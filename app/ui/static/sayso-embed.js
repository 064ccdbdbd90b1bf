// <sayso-quote quote="quo_..."></sayso-quote>: a quote with its speaker, in the page it stands in.
// Reads oEmbed of the service this script came from; until then, and without it, what stands inside is shown.
"use strict";

const home = new URL(document.currentScript.src).origin;

class SaysoQuote extends HTMLElement {
  async connectedCallback() {
    const id = this.getAttribute("quote") ?? "";
    const place = new URL("/read/oembed", home);
    place.searchParams.set("url", `${home}/read/quotes/${id}`);
    const answer = await fetch(place);
    if (!answer.ok) return;
    const { html } = await answer.json();
    // Parsed, not run: a document made this way executes nothing, and only the quote is taken from it.
    const quote = new DOMParser().parseFromString(html, "text/html").querySelector("blockquote");
    if (quote !== null) this.replaceChildren(document.adoptNode(quote));
  }
}

customElements.define("sayso-quote", SaysoQuote);
