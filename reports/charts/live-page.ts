import { liveScript } from './live-script.ts'
import { chartFigure, type PageText, pageDocument } from './page-document.ts'

/** The page that follows a run. */
export function livePage(): PageText {
  return pageDocument(
    `
<header>
<div class="line"><h1 id="title">lb</h1><span id="times"></span></div>
<div id="bar" role="progressbar" aria-label="Progress of the run" aria-valuemin="0" aria-valuemax="100"><span></span></div>
<div class="line"><p id="current">connecting</p><button id="stop" type="button" hidden>Stop the run</button></div>
<p id="status" role="status"></p>
</header>
<main>
<section aria-labelledby="limits-head"><h2 id="limits-head">Bottleneck</h2><p id="limits">not known yet</p><ul id="troubles"></ul></section>
${chartFigure('rate', 'Rate', 'Per second, planned and real')}
${chartFigure('latency', 'Latency', 'p50, p95 and p99 of successful requests')}
${table('thresholds', 'Thresholds')}
${table('checks', 'Checks')}
${table('failures', 'Failures by kind')}
${table('arms', 'So far')}
</main>`,
    liveScript,
  )
}

function table(id: string, name: string): string {
  return `<section id="${id}" aria-labelledby="${id}-head" hidden><h2 id="${id}-head">${name}</h2>
<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table><thead></thead><tbody></tbody></table></div></section>`
}
