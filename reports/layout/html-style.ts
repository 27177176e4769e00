/** How a report looks as a page: one column of words and tables, charts two beside each other where there is room. */
export const pageStyle = `
*{box-sizing:border-box}
html{color-scheme:light dark}
body{margin:0;background:var(--paper);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1200px;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 1rem;letter-spacing:-.01em}
h2{font-size:1.2rem;line-height:1.3;margin:2.75rem 0 .75rem}
h3{font-size:1rem;margin:0 0 .25rem}
p{margin:0 0 .75rem;max-width:75ch}
.lead{font-size:1.15rem}
.faint,figcaption p,.notes{color:var(--faint);font-size:.875rem}
a{color:inherit}
ul{margin:0;padding-left:1.2rem}
li{margin:.2rem 0;max-width:90ch;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:0 0 .75rem}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:50%}
th,td{padding:.4rem .75rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid);vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0}
tbody th{font-weight:500}
thead th{font-weight:600;color:var(--faint);border-bottom-color:var(--faint);vertical-align:bottom}
.spread,.unit{display:block;color:var(--faint);font-size:.8rem;font-weight:400}
tr.apart{color:var(--faint)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:1.5rem}
figure{margin:0;padding:1.1rem 1.2rem;border:1px solid var(--grid);border-radius:10px;min-width:0}
figure svg{display:block;width:100%;height:auto;margin:.75rem 0;overflow:visible}
figcaption p{margin:0}
summary{cursor:pointer;color:var(--faint);font-size:.875rem}
details .scroll{margin-top:.5rem;max-height:24rem;overflow-y:auto}
details table{font-size:.8rem}
svg.chart *{pointer-events:none}svg.chart .datum{pointer-events:auto}
.datum:focus{outline:2px solid var(--text);outline-offset:2px}
.datum.near{stroke:var(--text)!important;stroke-width:2}
.tip{position:fixed;z-index:1;pointer-events:none;max-width:min(22rem,90vw);padding:.4rem .6rem;border-radius:6px;background:var(--text);color:var(--paper);font-size:.85rem;line-height:1.35;opacity:0}
.tip.shown{opacity:1}
pre{background:var(--shade);padding:.8rem 1rem;border-radius:8px;overflow-x:auto;font-size:.875rem;margin:0}
:focus-visible{outline:2px solid var(--text);outline-offset:2px}
.warnings{border-left:4px solid #d9a400;padding-left:1rem}
@media(max-width:600px){main{padding:1.5rem 1rem 3rem}figure{padding:.8rem .7rem}h1{font-size:1.5rem}.lead{font-size:1.05rem}}
@media print{body{font-size:10.5pt}main{max-width:none;padding:0}.charts{grid-template-columns:1fr 1fr;gap:.8rem}figure,tr,.warnings li{break-inside:avoid}h2,h3{break-after:avoid}figure details,.tip{display:none}.scroll{overflow:visible}table{font-size:.75rem}th,td{padding:.25rem .4rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}}
`
