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

test('the answer comes first with one chart, then parts that the navigation leads to', async () => {
  const text = await render()
  expect(text).toMatch(/<h1>Highest throughput on 1 core: round-robin /)
  const [, first = ''] = /<div class="part" id="result">(.*?)<\/header>/s.exec(text) ?? []
  expect(first.match(/<figure id="[^"]*"/g)).toEqual(['<figure id="throughput"'])
  expect(first.match(/class="tile"/g)).toHaveLength(3)
  const [, nav = ''] = /<nav[^>]*>(.*?)<\/nav>/s.exec(text) ?? []
  const links = [...nav.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
  expect(links).toEqual([...text.matchAll(/<div class="part" id="([^"]*)"/g)].map(([, id]) => id))
  expect(links[0]).toBe('result')
  expect(links.at(-1)).toBe('trust')
})

test('warnings are counted, and folded', async () => {
  expect(await render()).toMatch(
    /<details><summary>1 warning<\/summary>\n<ul class="warnings">\n<li>CPU speed varied/,
  )
  expect(await render({ warnings: [] })).toContain('No warnings.')
})

test('a comparison with another run begins with its outcomes and their chart', async () => {
  const [one] = example.comparisons
  const text = await render({
    baseline: { file: 'base.json', createdAt: example.createdAt, lb: '0', differences: [] },
    comparisons: [{ ...one, base: one?.arm } as ResultDocument['comparisons'][number]],
  })
  expect(text).toContain('<title>base.json → this run: 1 worse · lb default</title>')
  expect(text).toMatch(/<h1>base.json → this run: 1 worse<\/h1>.*?<figure id="changes">/s)
  expect(text).toContain('<div class="tile worse"><span>throughput</span><b>−5.3 <small>%')
})

test('an arm without a valid trial is struck out with its reason, and in no chart', async () => {
  const findings = structuredClone(example.findings)
  Object.assign(findings[0] as object, {
    validity: 'invalid',
    notes: [{ code: 'trials-discarded', values: { discarded: 5, trials: 5 } }],
  })
  const text = await render({ findings })
  expect(text).toMatch(
    /<s>round-robin ×1<\/s> <span class="chip">not usable<\/span>.*?5 of 5 trials/,
  )
  expect(text).toContain('<th scope="row"><s>round-robin</s> <span class="chip">not usable</span>')
  for (const svg of text.match(/<svg .*?<\/svg>/gs) ?? [])
    expect(svg).not.toMatch(/>round-robin ×1</)
})

test('every chart has its figures as a table behind it', async () => {
  const text = await render()
  const figures = text.match(/<figure .*?<\/figure>/gs) ?? []
  expect(figures.length).toBeGreaterThan(5)
  for (const figure of figures) {
    expect(figure).toMatch(/<details><summary>Figures<\/summary>.*<tbody><tr><th scope="row">/s)
    expect(figure, 'a drawing for a phone').toMatch(/<div class="narrow"><svg /)
  }
})

test('rows that must not be ranked are set apart', async () => {
  expect(await render()).toMatch(
    /<tr class="apart"><th scope="row">round-robin <span class="chip">more workers than CPUs<\/span><\/th><td>8†<\/td>/,
  )
})

test('without a trial there is a page without charts', async () => {
  const text = await render({ trials: [], findings: [], comparisons: [], curves: [] })
  expect(text).toContain('<h1>No trial was completed: there is nothing to rank</h1>')
  expect(text).not.toContain('<svg')
})
