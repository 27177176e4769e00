import { ink } from '../layout/palette.ts'
import { xml, xmlCharacters } from '../layout/xml.ts'
import { type Chart, chartWidth } from './chart.ts'
import { font, theme } from './theme.ts'

/** A chart as SVG. Its marks are labelled with their figures, and the first can have the keyboard focus. */
export interface Drawing {
  readonly chart: Chart
  readonly svg: string
  readonly width: number
  readonly height: number
}

/** For a page, which has its own heading, or for a file of its own. */
type Place = 'page' | 'file'

/**
 * Draws charts so many pixels wide. Loads Vega and Vega-Lite, which take a third of a second: nothing else may import them.
 */
export async function draw(
  charts: readonly Chart[],
  place: Place,
  width: number = chartWidth,
): Promise<Drawing[]> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  // Without a canvas Vega takes every letter to be 0.8 em wide, as few are: legends fall apart.
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics }
  textMetrics.width = ({ fontSize = 11 }, text) => 0.54 * fontSize * String(text ?? '').length
  vega.resetSVGDefIds()
  const drawings: Drawing[] = []
  for (const chart of charts) {
    const heading = place === 'file' && { title: chart.title, background: ink.paper.light }
    const { spec } = vegaLite.compile({
      ...chart.spec(width),
      background: 'transparent',
      ...heading,
      config: theme,
    })
    const view = new vega.View(vega.parse(spec), { renderer: 'none' })
    const svg = readable(await view.toSVG(), chart)
    view.finalize()
    drawings.push({ chart, svg, ...sizeOf(svg) })
  }
  return drawings
}

/** How Vega knows the width of a text: documented for those who know better, and missing from its types. */
interface TextMetrics {
  width(item: { readonly fontSize?: number }, text: unknown): number
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []
  return { width: Number(width), height: Number(height) }
}

/** Names the picture, makes its marks focusable, and removes invisible elements. */
function readable(svg: string, { title, pointer }: Chart): string {
  let first = true
  return (
    xmlCharacters(svg)
      .replace(
        /<path class="(?:background|foreground)" aria-hidden="true" d="[^"]*"(?: pointer-events="none")?(?: display="none")?(?: opacity="1")?\/>/g,
        '',
      )
      .replace(
        'class="marks"',
        `class="chart" data-pointer="${pointer}" role="graphics-document" aria-label="${xml(title)}" font-family="${xml(font)}"`,
      )
      .replaceAll(` font-family="${xml(font)}" font-size`, ' font-size')
      .replace(/ (?:version="1\.1"|xmlns:xlink="[^"]*")/g, '')
      // 0.01 px is invisible. Positions only, never text.
      .replace(/ (?:d|transform|x2|y2)="[^"]*"/g, (place) => place.replace(/(\.\d\d)\d+/g, '$1'))
      .replace(/<(path|line|text|rect) aria-label="/g, (_, element) => {
        const tab = first ? 0 : -1
        first = false
        return `<${element} class="datum" tabindex="${tab}" aria-label="`
      })
  )
}
