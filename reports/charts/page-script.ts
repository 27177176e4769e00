/**
 * The part of their script that pages with charts over time have in common: texts with units, and charts by uPlot that the
 * keyboard reaches. A chart has x (its scale, axis and texts of times), units (names of its scales, with their texts), parts
 * (its series) and data (its columns).
 */
export const pageScript = `
const el = (id) => document.getElementById(id)
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

// Texts.
const number = (value) => value.toLocaleString('en-US', { maximumSignificantDigits: 3 })
const count = (value) => value.toLocaleString('en-US', { maximumFractionDigits: 0 })
const rateText = (value) => (value == null ? '–' : number(value) + '/s')
const timeText = (value) => value == null ? '–' : value >= 1 ? number(value) + ' s' : value >= 1e-3 ? number(value * 1e3) + ' ms' : number(value * 1e6) + ' µs'
const clock = (seconds) => {
  const all = Math.max(0, Math.round(seconds))
  const two = (value) => String(value).padStart(2, '0')
  const hours = Math.floor(all / 3600)
  return hours > 0 ? hours + ':' + two(Math.floor(all / 60) % 60) + ':' + two(all % 60) : Math.floor(all / 60) + ':' + two(all % 60)
}
const text = (id, value) => {
  if (el(id).textContent !== value) el(id).textContent = value
}

// Charts.
const line = (label, colour, format, more) => ({ label, format, value: (_, v) => format(v), stroke: css(colour), width: 2, points: { show: false }, ...more })
const plotOf = (id) => el(id).querySelector('.plot')
const widthOf = (box) => Math.max(120, box.clientWidth)
const shapeOf = (chart) => chart.parts().map((part) => part.label).join() + (chart.kind ? chart.kind() : '')
const build = (id, chart) => {
  const box = plotOf(id)
  if (chart.plot) chart.plot.destroy()
  const axis = { stroke: css('--faint'), font: '12px system-ui, sans-serif', grid: { stroke: css('--grid'), width: 1 }, ticks: { show: false } }
  const units = chart.units()
  const fromZero = { range: (_, min, max) => [0, max > 0 ? max * 1.08 : 1] }
  chart.plot = new uPlot({
    width: widthOf(box),
    height: 200,
    scales: { x: chart.x.scale, ...Object.fromEntries(units.map(([scale]) => [scale, fromZero])) },
    axes: [
      { ...axis, space: 60, size: 28, ...chart.x.axis },
      ...units.map(([scale, format], i) => ({ ...axis, scale, size: 64, values: (_, all) => all.map(format), ...(i > 0 && { side: 1, grid: { show: false } }) })),
    ],
    cursor: { y: false, drag: { x: false, y: false } },
    series: [{ label: 'time', value: (_, v) => (v == null ? '–' : chart.x.text(v)) }, ...chart.parts()],
  }, chart.data(), box)
  chart.shape = shapeOf(chart)
}
const valuesAt = (chart, i) => {
  const data = chart.data()
  const values = chart.parts().map((part, n) => part.label + ' ' + part.format(data[n + 1][i]))
  return (chart.name ? chart.name(i) : '') + values.join(', ')
}
/** Draws each chart when it is called, and has the keyboard move along it. */
const drawn = (charts) => {
  for (const [id, chart] of Object.entries(charts)) {
    const box = plotOf(id)
    const out = el(id).querySelector('.at')
    let at
    new ResizeObserver(() => chart.plot && chart.plot.setSize({ width: widthOf(box), height: 200 })).observe(box)
    box.addEventListener('keydown', (event) => {
      const data = chart.data()
      const last = data[0].length - 1
      const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }
      if (!(event.key in moves) || last < 0 || !chart.plot) return
      event.preventDefault()
      at = Math.min(last, Math.max(0, (at === undefined ? last : at) + moves[event.key]))
      chart.plot.setCursor({ left: chart.plot.valToPos(data[0][at], 'x'), top: 10 })
      out.textContent = chart.x.text(data[0][at]) + '  ' + valuesAt(chart, at)
    })
  }
  return () => {
    for (const [id, chart] of Object.entries(charts)) {
      const last = (chart.data()[1] || []).findLastIndex((value) => value !== null)
      if (last >= 0) text(id + '-now', 'last: ' + valuesAt(chart, last))
      if (!chart.plot || chart.shape !== shapeOf(chart)) build(id, chart)
      else chart.plot.setData(chart.data())
    }
  }
}
/** Draws again once the page is seen, and in other colours. */
const followPage = (charts, show) => {
  document.addEventListener('visibilitychange', show)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const chart of Object.values(charts)) chart.shape = ''
    show()
  })
}
`
