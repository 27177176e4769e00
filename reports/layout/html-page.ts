import { createHash } from 'node:crypto'
import { hoverScript } from './html-hover.ts'
import { navigationScript } from './html-navigation.ts'
import { pageStyle } from './html-style.ts'
import { darkRules, ink, outcomes } from './palette.ts'
import { xml } from './xml.ts'

const script = `${hoverScript.trim()}\n${navigationScript.trim()}`

/** Nothing may be loaded from anywhere, and no script may run but our own. */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
].join('; ')

const { text, faint, grid, shade, paper } = ink
const { better, worse } = outcomes
const names = { text, faint, grid, shade, paper, better, worse }

/** The colours of the page are those of the charts. */
function colours(side: 'light' | 'dark'): string {
  return Object.entries(names)
    .map(([name, colour]) => `--${name}:${colour[side]};`)
    .join('')
}

/** A part of a page that its navigation leads to; `markup` is empty where the result has nothing for it. */
export interface Part {
  /** Identifier and name in the navigation. */
  readonly id: string
  readonly name: string
  readonly markup: string
}

/** A page that needs nothing but itself: `name` stands in its navigation, `heading` in the title of its window. */
export function page(name: string, heading: string, parts: readonly Part[]): string {
  const shown = parts.filter(({ markup }) => markup !== '')
  const links = shown.map((part) => `<a href="#${xml(part.id)}">${xml(part.name)}</a>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${xml(heading)}</title>
<style>
:root{${colours('light')}}
${pageStyle.trim()}
@media screen and (prefers-color-scheme:dark){:root{${colours('dark')}}${darkRules}}
</style>
</head>
<body>
<nav aria-label="Sections"><div><strong>${xml(name)}</strong>${links.join('')}</div></nav>
<main>
${shown.map(({ id, markup }) => `<div class="part" id="${xml(id)}">\n${markup}\n</div>`).join('\n')}
</main>
<script>${script}</script>
</body>
</html>
`
}
