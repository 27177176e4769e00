/** How the page that follows a run looks: one column on a phone, two where there is room. */
export const liveStyle = `
*{box-sizing:border-box}
html{color-scheme:light dark}
body{margin:0 auto;max-width:1200px;padding:0 1.5rem 2rem;background:var(--paper);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{position:sticky;top:0;z-index:200;background:var(--paper);border-bottom:1px solid var(--grid);padding:.8rem 0 .6rem}
.line{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;justify-content:space-between}
h1{font-size:1.25rem;line-height:1.3;margin:0;overflow-wrap:anywhere}
h2{font-size:1.02rem;line-height:1.35;margin:0 0 .2rem}
p{margin:0;overflow-wrap:anywhere}
#times{font-variant-numeric:tabular-nums;white-space:nowrap}
#bar{height:6px;margin:.5rem 0;border-radius:3px;background:var(--grid);overflow:hidden}
#bar span{display:block;height:100%;width:0;background:var(--s2)}
#status:empty{display:none}
#status{margin-top:.3rem;font-weight:600}
button{font:inherit;font-size:.875rem;color:inherit;background:var(--shade);border:1px solid var(--faint);border-radius:6px;padding:.2rem .8rem;cursor:pointer}
button[disabled]{cursor:default;opacity:.6}
main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:1.2rem;margin-top:1.2rem;align-items:start}
main>*{min-width:0;margin:0}
main>section:first-child,#arms{grid-column:1/-1}
figure{padding:.8rem 1rem;border:1px solid var(--grid);border-radius:10px}
figcaption p,.at,li{color:var(--faint);font-size:.875rem}
figcaption p+p{color:var(--text);font-variant-numeric:tabular-nums;min-height:1.5em}
.at{display:block;min-height:1.4em;font-variant-numeric:tabular-nums}
.plot{min-height:200px;overflow:hidden}
.uplot{width:100%}
.u-legend{pointer-events:none;font-size:.875rem;text-align:left;font-variant-numeric:tabular-nums}
.u-legend .u-series:first-child{display:none}
ul{margin:.2rem 0 0;padding-left:1.2rem}
ul:empty{display:none}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:50%}
section th,section td{padding:.3rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid)}
section th:first-child,section td:first-child{text-align:left;padding-left:0}
section thead th{color:var(--faint);font-weight:600}
section tbody th{font-weight:500}
.pass{color:var(--better)}.fail,.invalid{color:var(--worse)}
:focus-visible{outline:2px solid var(--text);outline-offset:2px}
@media(max-width:600px){body{padding:0 .8rem 2rem}figure{padding:.6rem .5rem}header{position:static}}
`
