import type { WatchPanel } from '../../src/watch/watch-state.ts'
import { chartFigure, type PageText, pageDocument } from './page-document.ts'
import { watchScript } from './watch-script.ts'

/** The page with the panels of a balancer that is watched. */
export function watchPage(panels: readonly Pick<WatchPanel, 'title' | 'description'>[]): PageText {
  const figures = panels.map(({ title, description }, i) =>
    chartFigure(`panel-${i}`, title, description),
  )
  return pageDocument(
    `
<header>
<div class="line"><h1 id="title">lb watch</h1><span id="times"></span></div>
<p id="status" role="status">connecting</p>
</header>
<main>
${figures.join('\n')}
</main>`,
    watchScript,
  )
}
