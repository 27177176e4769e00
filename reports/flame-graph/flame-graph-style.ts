/** How a flame graph looks: frames of one hue in the view of an arm, by outcome in the diff. */
export const flameStyle = `
*{box-sizing:border-box}
html{color-scheme:light dark}
body{margin:0;padding:1rem 1.2rem 3rem;background:var(--paper);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}
h1{font-size:1.15rem;margin:0;flex:1 1 100%}
button,input{font:inherit;color:inherit;background:var(--shade);border:1px solid var(--grid);border-radius:4px;padding:.2rem .6rem}
button[aria-pressed=true]{border-color:var(--text);font-weight:600}
#views{display:flex;flex-wrap:wrap;gap:.4rem}
#detail{min-height:3em;margin:.6rem 0;overflow-wrap:anywhere}
#graph:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--text);outline-offset:2px}
.keys{color:var(--faint);font-size:.85rem}
svg{display:block;width:100%}
rect{stroke:var(--paper);stroke-width:.5;cursor:pointer;fill:var(--frame,#e8a15c)}
.dim rect{opacity:.35}
g.match rect{opacity:1;stroke:var(--text);stroke-width:1.5}
g.at rect{stroke:var(--text);stroke-width:2}
g text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#1f2933;pointer-events:none}
.native rect{fill:#b8b3a6}
.above rect{opacity:.6}
.diff rect{fill:#c3c9d1}
.diff .better rect{fill:#5cc79d}
.diff .worse rect{fill:#f08a9b}
`
