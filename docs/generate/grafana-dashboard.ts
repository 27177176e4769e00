import type { Panel, PanelFigure } from '../../src/watch/panel.ts'
import { foldedRows, panels } from '../../src/watch/panels.ts'
import { panelQuery } from './panel-query.ts'

/** Columns of Grafana's grid; a panel takes half of them. */
const gridColumns = 24
const [panelWidth, panelHeight] = [gridColumns / 2, 8]

/**
 * dashboards/lb-balancer.json: a dashboard for Grafana, in its first schema, which versions up to 13 read. The data source
 * is a variable: a dashboard with a fixed one is empty everywhere but at its author's.
 */
export function grafanaDashboard(): string {
  const open = panels.map((panel, i) => graph(panel, { id: i + 1, index: i, top: 0 }))
  const below = Math.ceil(panels.length / 2) * panelHeight
  const rows = foldedRows.map((row, number) => {
    const id = 100 * (number + 1)
    const top = below + number
    return {
      id,
      type: 'row',
      title: row.title,
      collapsed: true,
      gridPos: { x: 0, y: top, w: gridColumns, h: 1 },
      panels: row.panels.map((panel, i) =>
        graph(panel, { id: id + i + 1, index: i, top: top + 1 }),
      ),
    }
  })
  const dashboard = {
    uid: 'lb-balancer',
    title: 'lb: reference balancer',
    tags: ['lb', 'load balancer'],
    schemaVersion: 42,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-15m', to: 'now' },
    timezone: '',
    templating: { list: variables },
    panels: [...open, ...rows],
  }
  return `${JSON.stringify(dashboard, null, 2)}\n`
}

const datasource = { type: 'prometheus', uid: '$datasource' }

const variables = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  {
    name: 'instance',
    label: 'Balancer',
    type: 'query',
    datasource,
    query: { query: 'label_values(lb_connections, instance)', refId: 'instance' },
    refresh: 2,
    includeAll: true,
    multi: true,
    allValue: '.+',
    current: { text: ['All'], value: ['$__all'] },
  },
]

function graph(
  panel: Panel,
  { id, index, top }: { readonly id: number; readonly index: number; readonly top: number },
) {
  const { title, description, unit, stacked = false, figures } = panel
  const x = (index % 2) * panelWidth
  const y = top + Math.floor(index / 2) * panelHeight
  return {
    id,
    type: 'timeseries',
    title,
    description,
    datasource,
    gridPos: { x, y, w: panelWidth, h: panelHeight },
    targets: figures.map((figure, i) => target(figure, String.fromCharCode(65 + i))),
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        custom: {
          fillOpacity: stacked ? 30 : 5,
          stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        },
      },
      overrides: figures.flatMap((figure, i) => override(figure, String.fromCharCode(65 + i))),
    },
  }
}

function target({ figure, legend }: PanelFigure, refId: string) {
  const expr = panelQuery(figure)
  return { refId, datasource, expr, legendFormat: legend, range: true, editorMode: 'code' }
}

/** The axis on the right, for series of another unit. */
function override({ unit }: PanelFigure, refId: string) {
  if (unit === undefined) return []
  return [
    {
      matcher: { id: 'byFrameRefID', options: refId },
      properties: [
        { id: 'unit', value: unit },
        { id: 'custom.axisPlacement', value: 'right' },
      ],
    },
  ]
}
