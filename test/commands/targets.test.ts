import { expect, test } from 'vitest'
import { installedTargetsText } from '../../reports/commands/installed-targets.ts'
import { targets } from '../../src/targets/index.ts'
import { lb } from '../support/processes/lb-in-process.ts'

test('lists every target with its version, if installed, and its names of the algorithms', async () => {
  const { stdout } = await lb('targets')
  for (const { name, algorithms, version } of targets) {
    const paragraph = stdout.split('\n\n').find((one) => one.startsWith(`${name} `)) ?? ''
    expect(paragraph).toContain((await version()) ?? '')
    for (const [ours, theirs] of Object.entries(algorithms)) {
      expect(paragraph).toContain(ours)
      expect(paragraph).toContain(theirs)
    }
  }
})

test('--json lists the same targets as "lb list targets"', async () => {
  const found = JSON.parse((await lb('targets --json')).stdout)
  expect(found).toEqual(
    await Promise.all(
      targets.map(async ({ name, algorithms, unavailable }) =>
        expect.objectContaining({ name, algorithms, found: (await unavailable()) === undefined }),
      ),
    ),
  )
  const listed = JSON.parse((await lb('list targets --json')).stdout)
  expect(listed.map(({ name }: { name: string }) => name)).toEqual(
    found.map(({ name }: { name: string }) => name),
  )
})

test('a target that is not installed has a link, and no line is longer than the screen', () => {
  const text = installedTargetsText(
    [
      {
        name: 'envoy',
        summary: 'Envoy, one worker thread per core',
        found: false,
        missing: 'envoy is not installed: get it from https://example.org/a/place',
        algorithms: { 'round-robin': 'ROUND_ROBIN' },
      },
      { name: 'url', summary: 'whatever', found: true, needs: '--url', algorithms: {} },
    ],
    { width: 80, colour: false, unicode: true },
  )
  expect(text).toBe(
    [
      'envoy  not installed',
      '  Envoy, one worker thread per core',
      '  envoy is not installed: get it from https://example.org/a/place',
      '  round-robin  ROUND_ROBIN',
      '',
      'url  ready, with --url',
      '  whatever',
      '',
    ].join('\n'),
  )
})
