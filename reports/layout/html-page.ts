import { createHash } from 'node:crypto'
import { hoverScript } from './html-hover.ts'
import { pageStyle } from './html-style.ts'
import { darkRules, ink } from './palette.ts'
import { xml } from './xml.ts'

const script = hoverScript.trim()

/** Nothing may be loaded from anywhere, and no script may run but our own. */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
].join('; ')

const { text, faint, grid, shade, paper } = ink
const names = { text, faint, grid, shade, paper }

/** The colours of the page are those of the charts. */
function colours(side: 'light' | 'dark'): string {
  return Object.entries(names)
    .map(([name, colour]) => `--${name}:${colour[side]};`)
    .join('')
}

/** A page that needs nothing but itself. `body` is markup. */
export function page(heading: string, body: string): string {
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
<main>
${body}
</main>
<script>${script}</script>
</body>
</html>
`
}
