import { expect, test } from 'vitest'
import { profileSources } from '../../../src/experiment/profile/profile-sources.ts'
import { arm } from '../../support/results/measurements.ts'

const targets = ['reference', 'caddy', 'traefik', 'nginx', 'url']
const arms = targets.map((target) => ({ ...arm(target), target }))

test('allocations come from targets that serve profiles; of others, one line says why there are none', async () => {
  const options = { arms, kinds: ['cpu', 'heap'], hasPid: true, folder: '/nowhere' } as const
  const { arms: profiled, missing } = await profileSources(options)
  expect(profiled.map(({ target }) => target)).toEqual(['reference', 'caddy', 'traefik'])
  expect(missing).toEqual([
    {
      arm: arms[3]?.name,
      detail: 'nginx serves no profiles, and perf samples CPU time only',
    },
    {
      arm: arms[4]?.name,
      detail: 'perf samples CPU time only: add --pprof URL for its allocations',
    },
  ])
  const server = { url: new URL('http://127.0.0.1:6060'), format: 'pprof' } as const
  expect((await profileSources({ ...options, server })).arms.at(-1)?.target).toBe('url')
})
