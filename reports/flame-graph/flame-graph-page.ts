import { createHash } from 'node:crypto'
import type { NamedProfile } from '../../src/profile/export/speedscope.ts'
import type { ProfileSummary } from '../../src/result/schemas/profile.ts'
import { ink, outcomes } from '../layout/palette.ts'
import { xml } from '../layout/xml.ts'
import { flameScript } from './flame-graph-script.ts'
import { flameStyle } from './flame-graph-style.ts'
import { flameData } from './flame-tree.ts'

const script = flameScript.trim()

/** Nothing may be loaded from anywhere, and no script may run but our own. */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
].join('; ')

const { text, faint, grid, shade, paper } = ink
const { better, worse, other } = outcomes
const names = { text, faint, grid, shade, paper, better, worse, other }

function colours(side: 'light' | 'dark'): string {
  return Object.entries(names)
    .map(([name, colour]) => `--${name}:${colour[side]};`)
    .join('')
}

/** A page with the flame graph of each arm, and the diff of two: it needs nothing but itself, and works offline. */
export function flameGraphPage(summary: ProfileSummary, profiles: readonly NamedProfile[]): string {
  const data = flameData(summary, profiles)
  const title = `${summary.kind === 'cpu' ? 'CPU' : 'Heap'} profile: ${data.arms.join(', ')}`
  // A name of a function must not end the element that it is in.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${xml(title)}</title>
<style>
:root{${colours('light')}}
@media (prefers-color-scheme:dark){:root{${colours('dark')}}}
${flameStyle.trim()}
</style>
</head>
<body>
<header>
<h1>${xml(title)}</h1>
<div id="views" role="group" aria-label="View"></div>
<label>Search <input id="search" type="search" placeholder="function or file"></label>
<button id="reset" type="button">Reset zoom</button>
<span id="matched" role="status"></span>
</header>
<p id="detail" role="status"></p>
<div id="graph" tabindex="0" role="img" aria-label="Flame graph: arrow keys select, Enter zooms, Escape resets, / searches"></div>
<p class="keys">Arrow keys select, Enter or click zooms, Escape resets, / searches. Width is cost per request; (idle) is left out.</p>
<script type="application/json" id="data">${json}</script>
<script>${script}</script>
</body>
</html>
`
}
