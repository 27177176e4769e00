import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { isMainThread } from 'node:worker_threads'

/*
 * Preloaded into the built balancer, to plant time into one step of its requests: the function that each step goes through begins
 * with a call that keeps the CPU busy for 50 µs while the file LB_PLANT_FILE has the name of the step.
 */
const plantedMs = 0.05
const functions: readonly {
  readonly step: string
  readonly file: string
  readonly name: string
}[] = [
  { step: 'head', file: '/balancer/downstream/receive.js', name: 'readRequest' },
  { step: 'pick', file: '/balancer/proxy/in-flight.js', name: 'pick' },
  { step: 'connect', file: '/balancer/proxy/attempt.js', name: 'send' },
  { step: 'request', file: '/balancer/proxy/deadline.js', name: 'awaitProgress' },
  { step: 'backend', file: '/balancer/proxy/response.js', name: 'readHead' },
  { step: 'response', file: '/balancer/proxy/response.js', name: 'relayBody' },
  { step: 'client', file: '/balancer/proxy/response.js', name: 'complete' },
]

let planted = ''
const file = process.env.LB_PLANT_FILE ?? ''

/** What the functions of the balancer call. */
function plant(step: string): void {
  if (step !== planted) return
  const until = performance.now() + plantedMs
  while (performance.now() < until);
}

if (!isMainThread) {
  Object.assign(globalThis, { lbPlant: plant })
  setInterval(() => {
    planted = readFileSync(file, 'utf8')
  }, 5).unref()
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const own = functions.filter((one) => url.endsWith(one.file))
      if (own.length === 0) return loaded
      let source = Buffer.from(loaded.source as Uint8Array).toString()
      for (const { step, name } of own) {
        const begin = new RegExp(`function ${name}\\([^)]*\\) \\{`)
        if (!begin.test(source)) throw new Error(`${url} has no function ${name}`)
        source = source.replace(begin, (head) => `${head} lbPlant('${step}');`)
      }
      return { ...loaded, source }
    },
  })
}
