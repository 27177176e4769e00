import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { BalancerReady } from '../../src/balancer/config/config.ts'
import { type StepMeans, type StepSeconds, stepMeans } from '../../src/kit/step-means.ts'
import { type StepName, type StepRow, stepNames } from '../../src/kit/steps.ts'
import { percent } from '../../src/kit/units.ts'
import { type LabProcess, startProcess } from '../../src/lab/process.ts'
import { median } from '../../src/stats/estimates/quantile.ts'

/** Microseconds that preload-steps.ts plants; requests of each reading; milliseconds until the balancer has read the file. */
const [plantedMicros, requests, settleMs] = [50, 400, 25]
/** Deviation from what was planted, in µs, and of the sum from the client's time, as a fraction, that are allowed. */
const [allowedMicros, allowedShare] = [5, 0.02]
/** Milliseconds that the backend takes where the sum is compared: what the kernel and the client add is then a small part. */
const backendMs = 20

const request = 'GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n'
const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Every step but the time lost at backends that failed: there are none. */
const steps = stepNames.filter((name) => name !== 'retries')

interface PlantedOptions {
  readonly root: string
  readonly folder: string
  readonly rounds: number
}

/** Plants 50 µs into one step after the other, in pairs with none, and prints what each step gained. */
export async function plantedSteps({ root, folder, rounds }: PlantedOptions): Promise<void> {
  let delayMs = 0
  const backend = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => {
      if (delayMs === 0) socket.write(response)
      else setTimeout(() => socket.write(response), delayMs)
    })
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(backend, 'listening')
  const file = join(folder, 'planted')
  await writeFile(file, '')
  const preload = new URL('./preload-steps.ts', import.meta.url).href
  await using balancer = await startProcess({
    name: 'the balancer',
    file: join(root, 'dist/src/balancer/main.js'),
    nodeArgs: [`--import=${preload}`],
    env: { LB_PLANT_FILE: file },
  })
  const { port } = await balancer.call<BalancerReady>('start', {
    ...{ algorithm: 'round-robin', port: 0, workers: 1, observe: { steps: true } },
    backends: [{ url: `http://127.0.0.1:${(backend.address() as AddressInfo).port}` }],
  })
  const client = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(client, 'connect')
  const measure = async (step: string, count: number) => {
    await writeFile(file, step)
    await wait(settleMs)
    return measured({ balancer, client, count })
  }
  try {
    await measure('', 10 * requests)
    const gained = new Map<StepName, StepSeconds[]>(steps.map((step) => [step, []]))
    for (let round = 0; round < rounds; round++) {
      const none = await measure('', requests)
      for (const step of steps) {
        const { means } = await measure(step, requests)
        gained.get(step)?.push(difference(means.p50, none.means.p50))
      }
    }
    process.stdout.write(gainedText(gained))
    for (const ms of [0, backendMs]) {
      delayMs = ms
      const { means, clientSeconds } = await measure('', requests / 4)
      process.stdout.write(sumText(ms, means, clientSeconds))
    }
  } finally {
    client.destroy()
    backend.close()
  }
}

/** Sends requests one after the other, and reads the steps around them. */
async function measured({
  balancer,
  client,
  count,
}: {
  readonly balancer: LabProcess
  readonly client: Socket
  readonly count: number
}): Promise<{ readonly means: StepMeans; readonly clientSeconds: number }> {
  const before = await balancer.call<StepRow[][]>('steps')
  let clientMs = 0
  for (let i = 0; i < count; i++) {
    const begin = performance.now()
    client.write(request)
    await once(client, 'data')
    clientMs += performance.now() - begin
  }
  const means = stepMeans(before, await balancer.call<StepRow[][]>('steps'))
  if (means === undefined) throw new Error('the balancer has timed no request')
  return { means, clientSeconds: clientMs / 1e3 / count }
}

function difference(after: StepSeconds, before: StepSeconds): StepSeconds {
  return Object.fromEntries(
    stepNames.map((name) => [name, after[name] - before[name]]),
  ) as StepSeconds
}

function gainedText(gained: ReadonlyMap<StepName, readonly StepSeconds[]>): string {
  const lines = [...gained].map(([planted, pairs]) => {
    const micros = steps.map((step) => 1e6 * median(pairs.map((one) => one[step])))
    const isRight = steps.every((step, i) => {
      const expected = step === planted ? plantedMicros : 0
      return Math.abs((micros[i] as number) - expected) <= allowedMicros
    })
    const shown = micros.map((value, i) => `${steps[i]} ${value.toFixed(1)}`).join(', ')
    return `${plantedMicros} µs in ${planted}: ${isRight ? 'there and nowhere else' : 'NOT there alone'} (µs gained: ${shown})\n`
  })
  return `${lines.join('')}the bar is ${allowedMicros} µs in each step; medians of pairs\n`
}

function sumText(ms: number, { mean }: StepMeans, clientSeconds: number): string {
  const sum = stepNames.reduce((total, name) => total + mean[name], 0)
  const off = clientSeconds / sum - 1
  const micros = (seconds: number) => `${(1e6 * seconds).toFixed(0)} µs`
  const bar = ms === backendMs ? `; the bar is ${percent(allowedShare)}` : ''
  return `backend of ${ms} ms: the steps sum to ${micros(sum)}, a client sees ${micros(clientSeconds)}: ${percent(off)} more${bar}\n`
}
