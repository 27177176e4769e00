/**
 * How a report looks as a page: the answer with one chart on the first screen, then charts two beside each other where there
 * is room, and tables. Each chart is there for a phone, a column and a page, and the one that fits its frame is shown.
 */
export const pageStyle = `
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-padding-top:3.5rem}
body{margin:0;background:var(--paper);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
nav{position:sticky;top:0;z-index:2;background:var(--paper);border-bottom:1px solid var(--grid)}
nav div{display:flex;gap:1.4rem;max-width:1200px;margin:0 auto;padding:0 1.5rem;overflow-x:auto;white-space:nowrap}
nav strong{font-weight:600;padding:.6rem .6rem .6rem 0}
nav a{padding:.6rem 0;text-decoration:none;color:var(--faint);border-bottom:2px solid transparent}
nav a:hover,nav a[aria-current]{color:var(--text);border-bottom-color:var(--text)}
main{max-width:1200px;margin:0 auto;padding:1.1rem 1.5rem 4rem}
.part+.part{border-top:1px solid var(--grid);margin-top:2rem;padding-top:1.5rem}
h1{font-size:1.45rem;line-height:1.25;margin:0 0 .4rem;letter-spacing:-.01em;max-width:92ch}
h2{font-size:1.3rem;line-height:1.3;margin:0 0 .9rem}
h3{font-size:1.02rem;line-height:1.35;margin:0 0 .3rem}
section{margin:1.5rem 0 0}
p{margin:0 0 .6rem;max-width:100ch}.how,.hero .faint{max-width:none}
.faint,.notes,.how{color:var(--faint);font-size:.875rem}
a{color:inherit}
ul{margin:0 0 .6rem;padding-left:1.2rem}
li{margin:.2rem 0;max-width:95ch;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:.9rem;margin:.8rem 0}
.tile{border-left:3px solid var(--grid);padding:.05rem 0 .05rem .9rem}
.tile b{display:block;font-size:1.7rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums;white-space:nowrap}
.tile b small{font-size:.95rem;font-weight:500;letter-spacing:0}
.tile span{display:block;font-size:.875rem;color:var(--faint)}
.tile.better{border-color:var(--better)}.tile.worse{border-color:var(--worse)}
.tile.better b{color:var(--better)}.tile.worse b{color:var(--worse)}
.scroll{overflow-x:auto;margin:0 0 .6rem;background:linear-gradient(var(--paper),var(--paper)) right/2.5rem 100% no-repeat local,linear-gradient(90deg,transparent,var(--grid)) right/2rem 100% no-repeat scroll}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:50%}
th,td{padding:.35rem .75rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid);vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0;position:sticky;left:0;background:var(--paper)}
tbody th{font-weight:500}
thead th{font-weight:600;color:var(--faint);border-bottom-color:var(--faint);vertical-align:bottom}
.spread,.unit{display:block;color:var(--faint);font-size:.8rem;font-weight:400}
tr.apart,s{color:var(--faint)}
.chip{display:inline-block;font-size:.75rem;line-height:1.2;font-weight:500;padding:.1rem .45rem;border:1px solid currentColor;border-radius:99px;color:var(--faint);white-space:nowrap}
.unusable{list-style:none;padding:0}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));gap:1.2rem;align-items:start}
.charts+.charts,details .charts{margin-top:1.2rem}
.charts.across{grid-template-columns:minmax(0,1fr)}
figure{container-type:inline-size;margin:0;padding:1rem 1.1rem;border:1px solid var(--grid);border-radius:10px;min-width:0}
figure svg{display:block;width:100%;height:auto;margin:.6rem 0 .3rem;overflow:visible}
figcaption p{margin:0}
.hero figure{padding:.6rem 0 0;border:0}
.lead{max-width:none}.hero figcaption p{display:none}.hero h3{color:var(--faint);font-weight:500;font-size:.9rem;margin:0}.hero .how{font-size:.8rem;margin:0}.hero details{margin-bottom:.5rem}
.hero figure svg{margin:.2rem 0 0}
.narrow svg{max-width:24rem}
.column,.page{display:none}
@container(min-width:460px){.narrow{display:none}.column{display:block}}
@container(min-width:820px){.column:has(+.page){display:none}.page{display:block}}
summary{cursor:pointer;color:var(--faint);font-size:.875rem}
.fold summary{color:var(--text);font-size:1rem;font-weight:600;margin:1rem 0 .4rem}
details .scroll{margin-top:.5rem}
figure details .scroll{max-height:24rem;overflow-y:auto}
figure details table{font-size:.8rem}
svg.chart *{pointer-events:none}svg.chart .datum{pointer-events:auto}svg.chart{touch-action:pan-y}
.datum:focus{outline:2px solid var(--text);outline-offset:2px}
.datum.near{stroke:var(--text)!important;stroke-width:2}
.tip,.cross{position:fixed;z-index:3;pointer-events:none;opacity:0}
.tip{max-width:min(26rem,92vw);padding:.4rem .6rem;border-radius:6px;background:var(--text);color:var(--paper);font-size:.85rem;line-height:1.4;white-space:pre-line;font-variant-numeric:tabular-nums}
.cross{width:0;border-left:1px dashed var(--faint)}
.tip.shown,.cross.shown{opacity:1}
pre{background:var(--shade);padding:.7rem 1rem;border-radius:8px;overflow-x:auto;font-size:.875rem;margin:0}
:focus-visible{outline:2px solid var(--text);outline-offset:2px}
.warnings{border-left:4px solid #d9a400;padding-left:1.9rem}
@media(max-width:600px){nav div{padding:0 1rem;gap:1.1rem}main{padding:1rem 1rem 3rem}figure{padding:.8rem .7rem}h1{font-size:1.2rem}.tiles{grid-template-columns:1fr 1fr;gap:.7rem .5rem}.tile{padding-left:.6rem}.tile b{font-size:1.3rem}}
@page{margin:12mm}
@media print{html{font-size:11.5px}body{font-size:8.5pt;line-height:1.35}nav,.tip,.cross,details,.how{display:none}main{max-width:none;padding:0}h2{margin:0 0 .3rem}.part+.part{margin-top:.5rem;padding-top:.4rem}section{margin-top:.6rem}.tiles{grid-template-columns:repeat(3,1fr);margin:.4rem 0}.charts,.charts.across{grid-template-columns:1fr 1fr;gap:.6rem}.charts.across:has(figure:only-child){grid-template-columns:1fr}figure{padding:.4rem .6rem}h1{font-size:1.25rem}#latency h2,#cost h2{display:none}figure .column{max-width:38rem;margin:0 auto}.hero .column{max-width:29rem}.narrow svg{max-width:17.5rem;margin:.2rem auto 0}figure,tr,li{break-inside:avoid}h2,h3{break-after:avoid}#comparison,.part:not(#comparison)+#figures{break-before:page}.scroll{overflow:visible;background:none}.spread,.unit{display:inline;font-size:.9em}th,td{padding:.15rem .35rem}li{margin:0}pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.3rem .6rem}}
`
