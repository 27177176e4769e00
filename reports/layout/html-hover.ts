/**
 * The page's script: shows the label of the mark nearest to the pointer, and lets the arrow keys walk
 * over the marks of a chart, which is one stop for the tab key. Without it everything is still there,
 * in the tables behind the charts.
 */
export const hoverScript = `
'use strict'
const tip = document.createElement('div')
tip.className = 'tip'
tip.setAttribute('aria-hidden', 'true')
document.body.append(tip)
let near
const beyond = (at, low, high) => Math.max(low - at, 0, at - high)
const hide = () => {
  near?.classList.remove('near')
  near = undefined
  tip.classList.remove('shown')
}
const place = (mark) => {
  const { left: start, top, right, bottom } = mark.getBoundingClientRect()
  const { width, height } = tip.getBoundingClientRect()
  const left = Math.max(4, Math.min((start + right - width) / 2, innerWidth - width - 4))
  const above = top - height - 10
  tip.style.left = left + 'px'
  tip.style.top = (above > 4 ? above : bottom + 10) + 'px'
}
const show = (mark) => {
  if (mark === near) return
  hide()
  near = mark
  mark.classList.add('near')
  tip.textContent = mark.getAttribute('aria-label')
  place(mark)
  tip.classList.add('shown')
}
for (const chart of document.querySelectorAll('svg.chart')) {
  const marks = [...chart.querySelectorAll('.datum')]
  const nearest = (event) => {
    const own = event.target.closest('.datum')
    if (own) return own
    let best
    let least = 28
    for (const mark of marks) {
      const box = mark.getBoundingClientRect()
      const x = beyond(event.clientX, box.left, box.right)
      const y = beyond(event.clientY, box.top, box.bottom)
      const distance = Math.hypot(x, y)
      if (distance < least) [best, least] = [mark, distance]
    }
    return best
  }
  const point = (event) => {
    const mark = nearest(event)
    if (mark) show(mark)
    else hide()
  }
  chart.addEventListener('pointermove', point)
  chart.addEventListener('pointerdown', point)
  chart.addEventListener('pointerleave', hide)
  chart.addEventListener('focusin', (event) => show(event.target))
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
  if (near && near === document.activeElement) place(near)
  else hide()
}
addEventListener('scroll', scrolled, { passive: true, capture: true })
`
