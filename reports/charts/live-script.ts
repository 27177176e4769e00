/**
 * The script of the page that follows a run. It draws what src/live/live-state.ts sends, and computes nothing: texts and
 * percentiles come from the server. Only what has changed is drawn, and nothing while the page is hidden.
 */
export const liveScript = `
const token = new URLSearchParams(location.search).get('token')
const course = { at: [], planned: [], sent: [], done: [], failed: [], p50: [], p95: [], p99: [] }
const trials = []
let head
let headMs = 0

// Charts.
const dots = (label, colour, value) => line(label, colour, value, { paths: () => null, points: { show: true, size: 7, stroke: css(colour), fill: css(colour) } })
const has = (column) => column.some((value) => value !== null)
const anyFailed = () => course.failed.some((value) => value > 0)
const x = {
  scale: { time: false, range: (_, min, max) => [0, Math.max(1, max || 0)] },
  // Seconds between two labels.
  axis: { values: (_, all) => all.map(clock), incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400] },
  text: clock,
}
const charts = {
  rate: {
    x,
    units: () => [['y', rateText]],
    parts: () => [
      ...(has(course.sent) ? [line('begun', '--s1', rateText)] : []),
      line('responses', '--s0', rateText),
      ...(anyFailed() ? [line('failed', '--s6', rateText)] : []),
      // Over the others: a load that follows its plan lies on it.
      ...(has(course.planned) ? [line('planned', '--text', rateText, { dash: [4, 4], width: 1 })] : []),
    ],
    data: () => [
      course.at,
      ...(has(course.sent) ? [course.sent] : []),
      course.done,
      ...(anyFailed() ? [course.failed] : []),
      ...(has(course.planned) ? [course.planned] : []),
    ],
  },
  latency: {
    x,
    units: () => [['y', timeText]],
    parts: () => [['p50', '--s2'], ['p95', '--s4'], ['p99', '--s6']].map(([name, colour]) => (trials.length > 0 ? dots : line)(name, colour, timeText)),
    data: () => trials.length > 0
      ? [trials.map((one) => one.at), ...['p50', 'p95', 'p99'].map((name) => trials.map((one) => one[name]))]
      : [course.at, course.p50, course.p95, course.p99],
    name: (i) => (trials.length > 0 ? trials[i].name + ': ' : ''),
    kind: () => (trials.length > 0 ? 'trials' : 'course'),
  },
}
const draw = drawn(charts)

// Tables.
const cell = (tag, value, scope, kind) => {
  const one = document.createElement(tag)
  one.textContent = value
  if (scope) one.scope = scope
  if (kind) one.className = kind
  return one
}
const shown = {}
const fill = (id, names, rows) => {
  const key = JSON.stringify([names, rows])
  if (shown[id] === key) return
  shown[id] = key
  el(id).hidden = rows.length === 0
  const heads = document.createElement('tr')
  heads.append(...names.map((name) => cell('th', name, 'col')))
  el(id).querySelector('thead').replaceChildren(heads)
  el(id).querySelector('tbody').replaceChildren(...rows.map(([first, ...others]) => {
    const row = document.createElement('tr')
    row.append(cell('th', first, 'row'), ...others.map((value) => cell('td', value, '', /^(pass|fail|invalid)$/.test(value) ? value : '')))
    return row
  }))
}
const share = (part, all) => (all > 0 ? number((100 * part) / all) + ' %' : '–')

// The rest of the page.
const times = () => {
  if (!head) return
  const passed = head.state === 'ended' ? 0 : (performance.now() - headMs) / 1e3
  const left = head.left === undefined || head.state === 'ended' ? '' : ', about ' + clock(head.left - passed) + ' left'
  text('times', clock(head.elapsed + passed) + left)
}
const showHead = () => {
  if (!head) return
  const percent = head.state === 'ended' ? 100 : Math.floor(100 * (head.share || 0))
  document.title = (head.state === 'ended' ? 'ended' : percent + ' %') + ' · ' + head.title
  text('title', head.title)
  text('current', head.current)
  text('limits', head.limits || 'not known yet')
  const status = head.state === 'ended' ? head.message : head.state === 'stopping' ? 'stopping, and reporting what was measured' : ''
  text('status', status)
  el('bar').hidden = head.share === undefined && head.state !== 'ended'
  el('bar').setAttribute('aria-valuenow', percent)
  el('bar').firstChild.style.width = percent + '%'
  el('stop').hidden = token === null || head.state === 'ended'
  if (head.state !== 'running') el('stop').disabled = true
  el('troubles').replaceChildren(...head.troubles.map((one) => cell('li', one)))
  fill('thresholds', ['threshold', 'state', 'measured'], head.thresholds.map((one) => [one.text, one.state, one.detail]))
  fill('checks', ['check', 'passed', 'failed', 'share passed'], head.checks.map((one) => [one.name, count(one.passed), count(one.failed), share(one.passed, one.passed + one.failed)]))
  const kinds = Object.entries(head.failures).sort((a, b) => b[1] - a[1])
  const all = kinds.reduce((sum, [, failed]) => sum + failed, 0)
  fill('failures', ['kind', 'requests', 'share'], all === 0 ? [['none so far', '', '']] : kinds.map(([kind, failed]) => [kind, count(failed), share(failed, all)]))
  fill('arms', head.table.head, head.table.rows.map((row) => [row.name, ...row.cells]))
  times()
}
el('stop').addEventListener('click', async () => {
  el('stop').disabled = true
  await fetch('/stop?token=' + encodeURIComponent(token), { method: 'POST' }).catch(() => {})
})

// Events.
let waiting = false
const show = () => {
  if (waiting || document.hidden) return
  waiting = true
  requestAnimationFrame(() => {
    waiting = false
    showHead()
    draw()
  })
}
const replaceFrom = (own, from, added) => {
  own.length = Math.min(own.length, from)
  for (const one of added) own.push(one)
}
const apply = (update) => {
  if (update.head) [head, headMs] = [update.head, performance.now()]
  if (update.course) for (const name of Object.keys(course)) replaceFrom(course[name], update.course.from, update.course.columns[name])
  if (update.trials) replaceFrom(trials, update.trials.from, update.trials.rows)
  show()
}
const events = new EventSource('/events')
let lost = 0
events.onmessage = ({ data }) => {
  if (lost > 0) text('status', '')
  lost = 0
  apply(JSON.parse(data))
  if (head && head.state === 'ended') events.close()
}
events.onerror = () => {
  if (head && head.state === 'ended') return events.close()
  lost++
  text('status', lost > 3 ? 'connection lost: the run has ended, or was killed' : 'connection lost, trying again')
  if (lost > 3 || events.readyState === 2) {
    events.close()
    if (head) [head.elapsed, head.state] = [head.elapsed + (performance.now() - headMs) / 1e3, 'ended']
    if (head) head.message = 'connection lost: the run has ended, or was killed'
    el('stop').hidden = true
  }
}
setInterval(times, 1000)
followPage(charts, show)
`
