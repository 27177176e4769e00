/**
 * The script of a flame graph: draws the tree as SVG, root on top, in one view for each arm and one for their diff; search,
 * zoom, and the keyboard.
 */
export const flameScript = `
'use strict'
const data = JSON.parse(document.getElementById('data').textContent)
const graph = document.getElementById('graph')
const detail = document.getElementById('detail')
const matched = document.getElementById('matched')
const search = document.getElementById('search')
const views = document.getElementById('views')
const rowHeight = 19
const svgName = 'http://www.w3.org/2000/svg'
const { base, head } = data.diff || {}
// The index of an arm, or 'diff'.
let view = data.diff ? 'diff' : 0
let zoomed = data.root
let selected = data.root
let rows = []

link(data.root, undefined)
function link(node, parent) {
  node.parent = parent
  for (const child of node.children) link(child, node)
}

// In the diff the width is that of both arms together, so that a function of one of them is seen as well.
function size(node) {
  return view === 'diff' ? (node.values[base] + node.values[head]) / 2 : node.values[view]
}
function frameOf(node) {
  return node.frame < 0 ? { name: 'all', where: '' } : data.frames[node.frame]
}
function rounded(value) {
  return String(Number(value.toPrecision(3)))
}
function signed(value) {
  return (value > 0 ? '+' : '') + rounded(value)
}
function isMatch(node) {
  const wanted = search.value.trim().toLowerCase()
  if (wanted === '' || node.frame < 0) return false
  const { name, where } = frameOf(node)
  return (name + ' ' + where).toLowerCase().includes(wanted)
}

function make(name, attributes, parent) {
  const element = document.createElementNS(svgName, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  parent.append(element)
  return element
}

function draw() {
  const width = Math.max(320, graph.clientWidth)
  const path = []
  for (let node = zoomed.parent; node; node = node.parent) path.unshift(node)
  rows = []
  const placed = path.map((node, depth) => ({ node, depth, x: 0, width, above: true }))
  place(zoomed, { depth: path.length, x: 0, width }, placed)
  const height = (1 + placed.reduce((most, one) => Math.max(most, one.depth), 0)) * rowHeight
  const svg = document.createElementNS(svgName, 'svg')
  svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height)
  svg.setAttribute('height', height)
  const classes = []
  if (view === 'diff') classes.push('diff')
  if (search.value.trim() !== '') classes.push('dim')
  svg.setAttribute('class', classes.join(' '))
  for (const one of placed) drawNode(one, svg)
  graph.replaceChildren(svg)
  showMatched()
  describe(selected)
}

function place(node, at, placed) {
  placed.push({ node, ...at })
  const all = size(node)
  let x = at.x
  const children = node.children.filter((child) => size(child) > 0)
  children.sort((a, b) => frameOf(a).name.localeCompare(frameOf(b).name))
  for (const child of children) {
    const width = (size(child) / all) * at.width
    if (width >= 0.4) place(child, { depth: at.depth + 1, x, width }, placed)
    x += width
  }
}

function drawNode({ node, depth, x, width, above }, svg) {
  const frame = frameOf(node)
  const names = ['node']
  if (above) names.push('above')
  if (frame.where === '') names.push('native')
  if (frame.outcome) names.push(frame.outcome.replaceAll(' ', '-'))
  if (isMatch(node)) names.push('match')
  if (node === selected) names.push('at')
  const group = make('g', { class: names.join(' ') }, svg)
  make('rect', { x, y: depth * rowHeight, width, height: rowHeight - 1, rx: 2 }, group)
  const letters = Math.floor((width - 6) / 7.3)
  if (letters >= 2) {
    const text = make('text', { x: x + 3, y: depth * rowHeight + 13 }, group)
    text.textContent = frame.name.length > letters ? frame.name.slice(0, letters - 1) + '…' : frame.name
  }
  group.addEventListener('click', () => zoom(node))
  group.addEventListener('mouseenter', () => describe(node))
  group.addEventListener('mouseleave', () => describe(selected))
  rows[depth] = [...(rows[depth] || []), node]
}

function describe(node) {
  const { name, where, difference, outcome } = frameOf(node)
  const parts = [name + (where ? '  ' + where : '')]
  data.arms.forEach((arm, index) => {
    const all = data.root.values[index]
    const share = all > 0 ? (100 * node.values[index]) / all : 0
    parts.push(arm + ': ' + rounded(node.values[index]) + ' ' + data.unit + '/req (' + rounded(share) + ' %)')
  })
  if (data.diff) {
    parts.push(
      difference
        ? 'own cost, all stacks: ' + signed(difference.center) + ' (' + signed(difference.low) + ' to ' + signed(difference.high) + '), ' + outcome
        : 'own cost: not tested',
    )
  }
  detail.textContent = parts.join(' · ')
}

function showMatched() {
  if (search.value.trim() === '') {
    matched.textContent = ''
    return
  }
  const count = (node) => (isMatch(node) ? size(node) : node.children.reduce((sum, one) => sum + count(one), 0))
  matched.textContent = 'matched: ' + rounded((100 * count(data.root)) / size(data.root)) + ' %'
}

function zoom(node) {
  zoomed = node
  selected = node
  draw()
}

function show(next) {
  view = next
  if (!(size(zoomed) > 0)) zoomed = data.root
  if (!(size(selected) > 0)) selected = zoomed
  for (const button of views.children) {
    button.setAttribute('aria-pressed', String(button.dataset.view === String(next)))
  }
  draw()
}

const all = data.arms.map((arm, index) => [index, arm])
if (data.diff) all.push(['diff', 'Diff: ' + data.arms[head] + ' − ' + data.arms[base]])
for (const [key, name] of all) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = name
  button.dataset.view = key
  button.addEventListener('click', () => show(key))
  views.append(button)
}

function beside(step) {
  const row = rows.find((nodes) => nodes && nodes.includes(selected)) || [selected]
  return row[row.indexOf(selected) + step]
}
function largestChild(node) {
  const drawn = new Set(rows.flat())
  return node.children.filter((child) => drawn.has(child)).sort((a, b) => size(b) - size(a))[0]
}
const keys = {
  ArrowUp: () => selected.parent,
  ArrowDown: () => largestChild(selected),
  ArrowLeft: () => beside(-1),
  ArrowRight: () => beside(1),
}
graph.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') zoom(selected)
  else if (event.key in keys) {
    const next = keys[event.key]()
    if (next) {
      selected = next
      draw()
    }
  } else return
  event.preventDefault()
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    search.value = ''
    zoom(data.root)
    graph.focus()
  } else if (event.key === '/' && document.activeElement !== search) {
    search.focus()
    event.preventDefault()
  }
})
search.addEventListener('input', draw)
document.getElementById('reset').addEventListener('click', () => zoom(data.root))
let drawnWidth = graph.clientWidth
new ResizeObserver(() => {
  if (graph.clientWidth === drawnWidth) return
  drawnWidth = graph.clientWidth
  draw()
}).observe(graph)
show(view)
`
