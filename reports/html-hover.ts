/**
 * The page's own script: shows what the mark nearest to the pointer says, and lets the arrow keys walk
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
const middle = (mark) => {
  const box = mark.getBoundingClientRect()
  return { x: box.left + box.width / 2, y: box.top + box.height / 2, top: box.top, bottom: box.bottom }
}
const hide = () => {
  near?.classList.remove('near')
  near = undefined
  tip.classList.remove('shown')
}
const show = (mark) => {
  if (mark === near) return
  hide()
  near = mark
  mark.classList.add('near')
  tip.textContent = mark.getAttribute('aria-label')
  const { x, top, bottom } = middle(mark)
  const { width, height } = tip.getBoundingClientRect()
  const left = Math.max(4, Math.min(x - width / 2, innerWidth - width - 4))
  const above = top - height - 10
  tip.style.left = left + 'px'
  tip.style.top = (above > 4 ? above : bottom + 10) + 'px'
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
      const { x, y } = middle(mark)
      const distance = Math.hypot(x - event.clientX, y - event.clientY)
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
addEventListener('scroll', hide, { passive: true, capture: true })
`
