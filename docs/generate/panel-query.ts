import type { Figure, Level, Rate } from '../../src/watch/figure.ts'

/** The balancers that are chosen at the top of the dashboard. */
const chosen = 'instance=~"$instance"'

/** A figure in PromQL, with the variables of the dashboard: rates are over the interval that fits the width of the panel. */
export function panelQuery(figure: Figure): string {
  switch (figure.kind) {
    case 'rate':
      return summed(figure, perSecond(figure.metric, figure.where))
    case 'level':
      return summed(figure, `${figure.metric}{${chosen}}`)
    case 'quantile':
      return `histogram_quantile(${figure.q}, sum by (le) (${perSecond(`${figure.metric}_bucket`)}))`
    case 'share': {
      const [part, of] = [panelQuery(figure.part), `(${panelQuery(figure.of)} > 0)`]
      // A sum over nothing has no value, and neither has a quotient with it.
      return figure.part.sum?.length === 0
        ? `(${part} or vector(0)) / ${of}`
        : `${part} / on () group_left () ${of}`
    }
  }
}

function perSecond(counter: string, where: Rate['where'] = {}): string {
  const labels = Object.entries(where).map(([name, value]) => `${name}="${value}", `)
  return `rate(${counter}{${labels.join('')}${chosen}}[$__rate_interval])`
}

function summed({ sum }: Rate | Level, series: string): string {
  if (sum === undefined) return series
  return sum.length === 0 ? `sum(${series})` : `sum by (${sum.join(', ')}) (${series})`
}
