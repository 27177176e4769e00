/**
 * The page's script for charts. Under the pointer it shows the labels of all marks of the nearest column, with a line through
 * them, or of the nearest row; the arrow keys walk over the marks of a chart, which is one stop for the tab key. Without it
 * everything is still there, in the tables behind the charts.
 */
export const hoverScript = `
'use strict'
const add = (name) => {
  const element = document.createElement('div')
  element.className = name
  element.setAttribute('aria-hidden', 'true')
  document.body.append(element)
  return element
}
const line = add('cross')
const tip = add('tip')
const most = 14
let near = []
const hide = () => {
  for (const mark of near) mark.classList.remove('near')
  near = []
  tip.classList.remove('shown')
  line.classList.remove('shown')
}
const place = () => {
  const boxes = near.map((mark) => mark.getBoundingClientRect())
  const edge = (side, of) => Math[of](...boxes.map((box) => box[side]))
  const [start, right, top, bottom] = [edge('left', 'min'), edge('right', 'max'), edge('top', 'min'), edge('bottom', 'max')]
  const { width, height } = tip.getBoundingClientRect()
  const across = near.length > 1 && near[0].closest('svg').dataset.pointer === 'columns'
  const chart = near[0].closest('svg').getBoundingClientRect()
  const middle = (start + right) / 2
  const beside = middle + 14 + width < innerWidth ? middle + 14 : middle - 14 - width
  const left = across ? beside : middle - width / 2
  tip.style.left = Math.max(4, Math.min(left, innerWidth - width - 4)) + 'px'
  const above = across ? chart.top : top - height - 10
  tip.style.top = Math.max(4, above > 4 || across ? above : bottom + 10) + 'px'
  line.style.left = middle + 'px'
  line.style.top = chart.top + 'px'
  line.style.height = chart.height + 'px'
  line.classList.toggle('shown', across)
}
const show = (marks) => {
  if (marks.length === near.length && marks.every((mark, i) => mark === near[i])) return
  hide()
  near = marks
  const labels = marks.map((mark) => mark.getAttribute('aria-label'))
  const more = labels.length > most ? ['and ' + (labels.length - most) + ' more'] : []
  tip.textContent = [...labels.slice(0, most), ...more].join('\\n')
  for (const mark of marks) mark.classList.add('near')
  place()
  tip.classList.add('shown')
}
for (const chart of document.querySelectorAll('svg.chart')) {
  const marks = [...chart.querySelectorAll('.datum')]
  const isColumn = chart.dataset.pointer === 'columns'
  const centre = (mark) => {
    const box = mark.getBoundingClientRect()
    return isColumn ? (box.left + box.right) / 2 : (box.top + box.bottom) / 2
  }
  const point = (event) => {
    const at = isColumn ? event.clientX : event.clientY
    const places = marks.map((mark) => [mark, centre(mark)])
    const [, best] = places.reduce((a, b) => (Math.abs(b[1] - at) < Math.abs(a[1] - at) ? b : a), places[0] ?? [])
    if (best !== undefined) show(places.filter(([, one]) => Math.abs(one - best) < 1.5).map(([mark]) => mark))
  }
  chart.addEventListener('pointermove', point)
  chart.addEventListener('pointerdown', point)
  chart.addEventListener('pointerleave', hide)
  chart.addEventListener('focusin', (event) => show([event.target]))
  chart.addEventListener('focusout', hide)
  chart.addEventListener('keydown', (event) => {
    const at = marks.indexOf(document.activeElement)
    const last = marks.length - 1
    const to = {
      ArrowRight: Math.min(at + 1, last),
      ArrowDown: Math.min(at + 1, last),
      ArrowLeft: Math.max(at - 1, 0),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: last,
    }[event.key]
    if (event.key === 'Escape') hide()
    if (at < 0 || to === undefined) return
    event.preventDefault()
    marks[at].tabIndex = -1
    marks[to].tabIndex = 0
    marks[to].focus()
  })
}
const scrolled = () => {
  if (near.length === 1 && near[0] === document.activeElement) place()
  else hide()
}
addEventListener('scroll', scrolled, { passive: true, capture: true })
`
