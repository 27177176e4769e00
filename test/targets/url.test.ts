import { expect, test } from 'vitest'
import { freePort } from '../../src/lab/ports.ts'
import { url } from '../../src/targets/url.ts'
import { echoBackends } from './echo-backends.ts'
import { startTestTarget } from './start-test-target.ts'

test('a server that runs already is used at its address, with the pid that the user gave', async () => {
  await using backends = await echoBackends(1)
  const [at] = backends.urls as [URL]
  const settings = { url: at.href, pid: process.pid }
  await using target = await startTestTarget(url, { urls: [] }, { settings })
  expect(target).toMatchObject({
    url: at,
    pid: process.pid,
    ourBackends: false,
    running: undefined,
  })
})

test('an address without a server is an error of one line', async () => {
  const settings = { url: `http://127.0.0.1:${await freePort()}` }
  await expect(startTestTarget(url, { urls: [] }, { settings })).rejects.toMatchObject({
    code: 'LB_USAGE',
    message: expect.stringMatching(/^--url: http:\S+ cannot be reached: .*ECONNREFUSED/),
  })
})

test.for([undefined, 'example', 'https://127.0.0.1:1'])(
  '%s is no address to drive',
  async (wrong) => {
    await expect(
      startTestTarget(url, { urls: [] }, { settings: { url: wrong } }),
    ).rejects.toMatchObject({
      code: 'LB_USAGE',
    })
  },
)
