import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ink, outcomes, series } from '../layout/palette.ts'
import { liveScript } from './live-script.ts'
import { liveStyle } from './live-style.ts'

/** The page that follows a run: its markup, and its Content-Security-Policy. */
interface LivePageText {
  readonly markup: string
  readonly policy: string
}

/** The page with everything that it needs, uPlot included: it loads nothing but its events. */
export function livePage(): LivePageText {
  const script = `${fileAt(import.meta.resolve('uplot/dist/uPlot.iife.min.js'))}\n${liveScript.trim()}`
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { markup: markupWith(script), policy }
}

/** The text of a file, by its URL. */
function fileAt(url: string): string {
  return readFileSync(fileURLToPath(url), 'utf8').trim()
}

function colours(side: 'light' | 'dark'): string {
  const { text, faint, grid, shade, paper } = ink
  const { better, worse } = outcomes
  const names = { text, faint, grid, shade, paper, better, worse }
  return [
    ...Object.entries(names).map(([name, colour]) => `--${name}:${colour[side]};`),
    ...series.map((colour, i) => `--s${i}:${colour[side]};`),
  ].join('')
}

function markupWith(script: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>lb</title>
<style>
${fileAt(import.meta.resolve('uplot/dist/uPlot.min.css'))}
:root{${colours('light')}}
@media(prefers-color-scheme:dark){:root{${colours('dark')}}}
${liveStyle.trim()}
</style>
</head>
<body>
<header>
<div class="line"><h1 id="title">lb</h1><span id="times"></span></div>
<div id="bar" role="progressbar" aria-label="Progress of the run" aria-valuemin="0" aria-valuemax="100"><span></span></div>
<div class="line"><p id="current">connecting</p><button id="stop" type="button" hidden>Stop the run</button></div>
<p id="status" role="status"></p>
</header>
<main>
<section aria-labelledby="limits-head"><h2 id="limits-head">Bottleneck</h2><p id="limits">not known yet</p><ul id="troubles"></ul></section>
${chart('rate', 'Rate', 'Per second, planned and real')}
${chart('latency', 'Latency', 'p50, p95 and p99 of successful requests')}
${table('thresholds', 'Thresholds')}
${table('checks', 'Checks')}
${table('failures', 'Failures by kind')}
${table('arms', 'So far')}
</main>
<noscript><p>This page draws the run with its own script, which is disabled here.</p></noscript>
<script>${script}</script>
</body>
</html>
`
}

function chart(id: string, name: string, summary: string): string {
  return `<figure id="${id}"><figcaption><h2>${name}</h2><p>${summary}</p><p id="${id}-now">nothing yet</p></figcaption>
<div class="plot" tabindex="0" role="group" aria-label="${name} over time: the arrow keys move along it"></div>
<output class="at" aria-live="polite"></output></figure>`
}

function table(id: string, name: string): string {
  return `<section id="${id}" aria-labelledby="${id}-head" hidden><h2 id="${id}-head">${name}</h2>
<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table><thead></thead><tbody></tbody></table></div></section>`
}
