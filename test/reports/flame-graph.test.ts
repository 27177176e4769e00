import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { flameGraphPage } from '../../reports/flame-graph/flame-graph-page.ts'
import { flameData } from '../../reports/flame-graph/flame-tree.ts'
import { browserPath, startBrowser } from '../support/processes/chromium.ts'
import { exampleProfiles } from '../support/results/example-profiles.ts'

const { summary, profiles } = exampleProfiles()

test('the stacks of both arms are one tree of costs per request, without idle time', () => {
  const { root, frames, diff, arms } = flameData(summary, profiles)
  expect(arms).toEqual(['base', 'head'])
  expect(diff).toEqual({ base: 0, head: 1 })
  expect(root.values).toEqual([40, 45])
  const [run] = root.children
  expect(frames[run?.frame ?? -1]?.name).toBe('run')
  expect(run?.values).toEqual([30, 35])
  expect(run?.children.map(({ frame, values }) => [frames[frame]?.name, values])).toEqual([
    ['pick', [20, 20]],
    ['</script><b>', [0, 5]],
  ])
  expect(frames.find(({ name }) => name === '</script><b>')).toMatchObject({ outcome: 'worse' })
  expect(frames.some(({ name }) => name === '(idle)')).toBe(false)
})

test('a name of a function ends no element of the page', () => {
  const page = flameGraphPage(summary, profiles)
  expect(page.match(/<\/script>/g)).toHaveLength(2)
  expect(page).not.toContain('<b>')
})

// Needs a Chromium of the machine (`apt-get install chromium`); skipped without one.
test.skipIf(browserPath === undefined)(
  'in Chromium: views, search, zoom and keyboard; nothing is asked of the network',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lb-flame-'))
    await using browser = await startBrowser()
    try {
      const file = join(folder, 'profile.html')
      await writeFile(file, flameGraphPage(summary, profiles))
      const page = await browser.newPage()
      const url = pathToFileURL(file).href
      const heard: string[] = []
      page.on('request', (one) => one.url() !== url && heard.push(one.url()))
      page.on('console', (one) => heard.push(one.text()))
      page.on('pageerror', (one) => heard.push(one.message))
      await page.goto(url)
      const nodes = page.locator('#graph g.node')
      expect(await nodes.count()).toBe(5)
      expect(await page.locator('#graph g.worse').count()).toBe(1)

      await page.getByRole('button', { name: 'base', exact: true }).click()
      expect(await nodes.count()).toBe(4)
      await page.keyboard.press('/')
      await page.keyboard.type('pick')
      expect(await page.locator('#matched').textContent()).toBe('matched: 50 %')
      expect(await page.locator('#graph g.match').count()).toBe(1)

      await page.keyboard.press('Escape')
      await page.keyboard.press('ArrowDown')
      expect(await page.locator('#detail').textContent()).toContain('run  src/balancer/a.js:3')
      await page.keyboard.press('Enter')
      expect(await page.locator('#graph g.above').count()).toBe(1)
      expect(await nodes.count()).toBe(3)
      await page.getByRole('button', { name: 'Reset zoom' }).click()
      expect(await nodes.count()).toBe(4)
      expect(heard).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)
