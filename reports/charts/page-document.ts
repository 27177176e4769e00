import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ink, outcomes, series } from '../layout/palette.ts'
import { liveStyle } from './live-style.ts'
import { pageScript } from './page-script.ts'

/** A page that follows something: its markup, and its Content-Security-Policy. */
export interface PageText {
  readonly markup: string
  readonly policy: string
}

/** The page with this body and script, and everything that they need, uPlot included: it loads nothing but its events. */
export function pageDocument(body: string, script: string): PageText {
  const own = `(() => {\n'use strict'\n${pageScript.trim()}\n${script.trim()}\n})()`
  const all = `${fileAt(import.meta.resolve('uplot/dist/uPlot.iife.min.js'))}\n${own}`
  const hash = createHash('sha256').update(all).digest('base64')
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
  return { markup: markupWith(body.trim(), all), policy }
}

/** A chart over time in a figure, for the script to fill. */
export function chartFigure(id: string, name: string, summary: string): string {
  return `<figure id="${id}"><figcaption><h2>${name}</h2><p>${summary}</p><p id="${id}-now">nothing yet</p></figcaption>
<div class="plot" tabindex="0" role="group" aria-label="${name} over time: the arrow keys move along it"></div>
<output class="at" aria-live="polite"></output></figure>`
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

function markupWith(body: string, script: string): string {
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
${body}
<noscript><p>This page draws with its own script, which is disabled here.</p></noscript>
<script>${script}</script>
</body>
</html>
`
}
