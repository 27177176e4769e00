import { expect, test, vi } from 'vitest'
import { requireAvailable } from '../../src/targets/require-available.ts'

vi.mock('../../src/host/which.ts', () => ({ which: () => undefined }))

test.for([
  ['nginx', 'run apt-get install nginx-light'],
  ['haproxy', 'run apt-get install haproxy'],
  ['caddy', 'run apt-get install caddy'],
  ['envoy', 'download it from https://www.envoyproxy.io/docs/envoy/latest/start/install'],
])('%s that is not installed says what provides it', async ([name, hint]) => {
  await expect(requireAvailable(['reference', name as string])).rejects.toMatchObject({
    exitCode: 2,
    message: `target ${name}: ${name} is not installed`,
    hint,
  })
})
