/** The script of the page that shows a balancer: it draws what src/app/watch-page.ts sends, and computes nothing. */
export const watchScript = `
const times = []
let panels = []
let head

// Texts.
const bytesText = (value) => {
  if (value == null) return '–'
  const step = Math.min(3, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)))
  return number(value / 1024 ** step) + ' ' + ['B', 'KiB', 'MiB', 'GiB'][step]
}
const texts = {
  percentunit: (value) => (value == null ? '–' : number(value * 100) + ' %'),
  s: timeText,
  bytes: bytesText,
  reqps: rateText,
  ops: rateText,
  short: (value) => (value == null ? '–' : number(value)),
}
const ofDay = (seconds) => new Date(seconds * 1e3).toTimeString().slice(0, 8)

// Charts.
const x = { scale: { time: true }, axis: { values: (_, all) => all.map(ofDay), space: 80 }, text: ofDay }
const seriesOf = (i) => (panels[i] ? panels[i].series : [])
const chartOf = (i) => ({
  x,
  units: () => [...new Set([...(panels[i] ? [panels[i].unit] : []), ...seriesOf(i).map((one) => one.unit)])].slice(0, 2).map((unit) => [unit, texts[unit]]),
  parts: () => seriesOf(i).map((one, n) => line(one.name, '--s' + (n % 8), texts[one.unit], { scale: one.unit, ...(n > 7 && { dash: [6, 3] }) })),
  data: () => [times, ...seriesOf(i).map((one) => one.values)],
})
const charts = Object.fromEntries([...document.querySelectorAll('figure')].map((figure, i) => [figure.id, chartOf(i)]))
const draw = drawn(charts)

// The rest of the page.
const showHead = () => {
  if (!head) return
  text('title', 'lb watch  ' + head.url)
  text('times', ofDay(head.now))
  document.title = (head.silent ? 'no answer' : 'lb watch') + ' · ' + head.url
  text('status', head.silent ? 'no answer since ' + ofDay(head.silent.since) + ': ' + head.silent.reason + '; trying again'
    : head.restarted !== undefined ? 'restarted at ' + ofDay(head.restarted) : '')
}

// Events.
const maxTimes = 900
let waiting = false
const show = () => {
  if (waiting || document.hidden || !head) return
  waiting = true
  requestAnimationFrame(() => {
    waiting = false
    showHead()
    draw()
  })
}
const apply = (update) => {
  head = update
  if (update.all) {
    times.length = 0
    panels = update.panels.map((panel) => ({ ...panel, series: panel.series.map((one) => ({ ...one, values: [] })) }))
  }
  // A page that was just opened has some of the news already.
  const last = times.length > 0 ? times[times.length - 1] : -Infinity
  const first = update.at.findIndex((time) => time > last)
  if (first >= 0) {
    times.push(...update.at.slice(first))
    update.panels.forEach((panel, i) => panel.series.forEach((one, n) => panels[i].series[n].values.push(...one.values.slice(first))))
  }
  const extra = times.length - maxTimes
  if (extra > 0) for (const column of [times, ...panels.flatMap((panel) => panel.series.map((one) => one.values))]) column.splice(0, extra)
  show()
}
const events = new EventSource('/events')
let lost = 0
events.onmessage = ({ data }) => {
  lost = 0
  apply(JSON.parse(data))
}
events.onerror = () => {
  lost++
  text('status', lost > 3 ? 'connection lost: lb watch has ended' : 'connection lost, trying again')
  if (lost > 3 || events.readyState === 2) events.close()
}
followPage(charts, show)
`
