import { expect, test, vi } from 'vitest'
import { allocate } from '../../../src/algorithms/parts/table.ts'
import { roundRobin } from '../../../src/algorithms/round-robin.ts'
import { healthSettings } from '../../../src/balancer/config/health-settings.ts'
import { backendValidation } from '../../../src/balancer/config/validate-backends.ts'
import { controlHealth, type HealthControl } from '../../../src/balancer/health/control.ts'
import { healthOf } from '../../../src/balancer/health/health.ts'
import { allocateHealth } from '../../../src/balancer/health/health-memory.ts'
import { passiveHealth } from '../../../src/balancer/health/passive.ts'
import { seeded } from '../../../src/kit/random.ts'
import { httpBackend } from '../support/http-backend.ts'

const now = () => performance.now() / 1000

function controlled(urls: readonly string[], options: Parameters<typeof healthSettings.parse>[0]) {
  const memory = allocateHealth(urls.length + 1)
  const table = allocate(urls.length + 1, roundRobin)
  const settings = healthSettings.parse(options)
  const control = controlHealth({
    tls: { verify: true },
    resolver: { timeout: 2 },
    confirmTimeout: 1,
    memory,
    table,
    settings,
    backends: urls.map((url) => ({ url, weight: 1 })),
    validate: backendValidation(roundRobin, {}),
    random: seeded(1),
    now,
  })
  return { control, passive: passiveHealth(healthOf(memory, table, settings)) }
}

const states = (control: HealthControl) => control.backends().map(({ state }) => state)

test('active checks over real connections find a backend down, then up again', async () => {
  const ok = await httpBackend((_, response) => void response.end())
  await using other = await httpBackend((_, response) => void response.end())
  const active = { interval: 0.2, timeout: 0.2, rise: 1, fall: 1 }
  const { control } = controlled([ok.url, other.url], { active })
  await using _ = control
  expect(states(control)).toEqual(['up', 'up'])
  await ok[Symbol.asyncDispose]()
  await vi.waitFor(() => expect(states(control)).toEqual(['down', 'up']), 10_000)
  expect(control.backends()[0]?.reason).toMatch(/refused|socket|closed|reset/)
  await using back = await httpBackend((_, response) => void response.end(), ok.port)
  await vi.waitFor(() => expect(states(control)).toEqual(['up', 'up']), 10_000)
  control.changes.add({ url: back.url.replace('127.0.0.1', 'localhost'), weight: 1 })
  await vi.waitFor(() => expect(states(control)).toEqual(['up', 'up', 'up']), 10_000)
})

test('an ejection ends without further requests, and so does the slow start after it', async () => {
  const { control, passive } = controlled(['http://a:80', 'http://b:80'], {
    passive: { failures: 1, ejection: 0.2 },
    slowStart: 1.5,
  })
  await using _ = control
  passive.recordFailure(1, now())
  expect(states(control)).toEqual(['up', 'ejected'])
  await vi.waitFor(() => expect(states(control)).toEqual(['up', 'starting']), {
    timeout: 10_000,
    interval: 5,
  })
  await vi.waitFor(() => expect(states(control)).toEqual(['up', 'up']), 10_000)
  expect(control.backends()[1]).toMatchObject({ ejections: 1, effectiveWeight: 1 })
})
