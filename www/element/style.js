// The element's styles, as a sheet that a strict content policy lets in: one for all elements of the page.

const RULES = `
:host { display: inline-block; box-sizing: border-box; inline-size: 20rem; max-inline-size: 100%; font: inherit; color: inherit; }
:host([hidden]) { display: none; }
[hidden] { display: none !important; }
.root { display: grid; gap: .5em; }
.frame { position: relative; display: grid; place-items: center; aspect-ratio: 4 / 3; overflow: hidden; border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: .5em; }
.frame.over { outline: 3px solid currentColor; outline-offset: -3px; }
video, canvas { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: contain; }
video.mirrored { transform: scaleX(-1); }
.word { margin: 0; padding: 1em; text-align: center; }
progress { position: absolute; inset-inline: 0; inset-block-end: 0; inline-size: 100%; block-size: .4em; }
.answer { display: flex; align-items: baseline; gap: .6em; min-block-size: 2.4em; }
.label { font-size: 2em; line-height: 1.2; font-weight: 600; overflow-wrap: anywhere; }
.figure { font-variant-numeric: tabular-nums; opacity: .8; }
.controls { display: flex; flex-wrap: wrap; gap: .5em; }
button, .choose { font: inherit; color: inherit; box-sizing: border-box; min-block-size: 2.75em; padding: .5em 1em; border: 1px solid currentColor; border-radius: .5em; background: transparent; cursor: pointer; }
.choose { position: relative; display: inline-flex; align-items: center; }
.choose input { position: absolute; inset: 0; opacity: 0; cursor: pointer; inline-size: 100%; font-size: 0; }
button:focus-visible, .choose:focus-within { outline: 3px solid; outline-offset: 2px; }
button:disabled { opacity: .5; cursor: default; }
.error { margin: 0; padding: .6em .8em; border-inline-start: .3em solid #c0392b; }
.privacy { margin: 0; font-size: .85em; opacity: .8; }
`;

/** @type {CSSStyleSheet | null} */
let sheet = null;

export function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(RULES);
  }
  return sheet;
}
