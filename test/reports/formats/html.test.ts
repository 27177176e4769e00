import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { html } from '../../../reports/formats/html.ts'
import { fileRenderOptions } from '../../../src/cli/terminal.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const example = exampleResult()
const render = async (changes: Partial<ResultDocument> = {}) =>
  html.render({ ...example, ...changes }, fileRenderOptions)

test('the page needs nothing but itself', async () => {
  const text = await render()
  expect(text.match(/\s(?:src|href)="(?!#).{40}/g)).toBeNull()
  expect(text.match(/(?:@import|url\((?!#)).{40}/g)).toBeNull()
  expect(text.match(/https?:[^"< ]+/g)?.every((url) => url === 'http://www.w3.org/2000/svg')).toBe(
    true,
  )
})

test('no script may run but the page’s own', async () => {
  const text = await render()
  const [script = '', ...more] = [...text.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, inside]) => inside,
  )
  expect(more).toEqual([])
  const hash = createHash('sha256').update(script).digest('base64')
  expect(text).toContain(
    `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
  )
})

test('every text of the document is escaped', async () => {
  const evil = '"><script>alert(1)</script>&\u0000'
  const swap = (text: string) => text.replaceAll('round-robin', evil)
  const renamed: ResultDocument = JSON.parse(JSON.stringify(example), (_, value) =>
    typeof value === 'string' && !/^[A-Za-z0-9+/]{200}/.test(value) ? swap(value) : value,
  )
  const text = await render({
    ...renamed,
    host: { ...example.host, cpuModel: evil },
    command: ['bench', evil],
    warnings: [{ code: 'version-1-text', values: { text: evil } }],
  })
  expect(text).toContain('&lt;script&gt;alert(1)')
  expect(text.match(/<script/g)).toHaveLength(1)
  expect(text).not.toContain('\u0000')
})

test('words come first, warnings last, with a way to them from the top', async () => {
  const text = await render()
  const headings = [...text.matchAll(/<h[12]>(.*?)<\/h[12]>/g)].map(([, name]) => name)
  expect(headings[0]).toBe('Load balancers: default')
  expect(headings.at(-1)).toBe('Warnings')
  expect(text).toMatch(/<\/h1>\n<p class="lead">Highest throughput on 1 core: round-robin /)
  expect(text).toContain('<a href="#warnings">1 warning</a>')
  expect(text).toContain('<li>CPU speed varied')
})

test('every chart has its figures as a table behind it', async () => {
  const text = await render()
  const figures = text.match(/<figure .*?<\/figure>/gs) ?? []
  expect(figures.length).toBeGreaterThan(5)
  for (const figure of figures) {
    expect(figure).toMatch(/<details><summary>Figures<\/summary>.*<tbody><tr><th scope="row">/s)
  }
})

test('rows that must not be ranked are set apart', async () => {
  expect(await render()).toMatch(/<tr class="apart"><th scope="row">round-robin<\/th><td>8†<\/td>/)
})

test('without a trial there is a page without charts', async () => {
  const text = await render({ trials: [], findings: [], comparisons: [], curves: [] })
  expect(text).toContain('No trial was completed: there is nothing to rank.')
  expect(text).not.toContain('<svg')
})
