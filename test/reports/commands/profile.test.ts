import { expect, test } from 'vitest'
import { profileText } from '../../../reports/commands/profile.ts'
import { html } from '../../../reports/formats/html.ts'
import { markdown } from '../../../reports/formats/markdown.ts'
import { table } from '../../../reports/formats/table.ts'
import { fileRenderOptions } from '../../../src/cli/terminal.ts'
import { resultDocument } from '../../../src/result/document.ts'
import { exampleProfiles } from '../../support/results/example-profiles.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const { summary } = exampleProfiles()
const options = { width: 120, colour: false, unicode: true }

test('each arm has its hottest functions and the overhead, two arms a diff, and the others a reason', () => {
  const text = profileText([summary], options)
  expect(text).toContain('CPU profile of base: 40.0 (39.2 to 40.8) µs per request')
  expect(text).toMatch(/^pick +50 % +20\.0 \(19\.6 to 20\.4\) +20\.0 +balancer\/a\.js:9$/m)
  expect(text).toContain('CPU per request × 1.02')
  expect(text).toContain('CPU diff, head − base: +5.00 (+4.60 to +5.40) µs per request')
  expect(text).toMatch(/^<\/script><b> +\+5\.00 .*worse$/m)
  expect(text).toMatch(/^pick .*inconclusive$/m)
  expect(text).toContain('1 of 3 functions that were tested differs')
  expect(text).toContain('Functions at one speed of the host, by those that do not differ')
  expect(text).toContain('nginx round-robin ×1: no profile: nginx serves no profiles')
})

test('a result holds the summary, and its reports show it', async () => {
  const document = resultDocument.parse({ ...exampleResult(), profiles: [summary] })
  const shown = [
    table.render(document, { ...options, full: true }),
    markdown.render(document, fileRenderOptions),
    // Without findings there is no chart to draw.
    await html.render({ ...document, findings: [] }, fileRenderOptions),
  ]
  for (const text of shown) expect(text).toContain('diff, head − base')
  const screen = table.render(document, { ...options, width: 100 })
  expect(screen).toContain('Profile     CPU, base: pick 50 %')
  expect(screen).toContain('head − base, µs/req: </script><b> +5.00')
})
