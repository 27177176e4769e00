import { readFileSync } from 'node:fs'
import type { JourneyClient, StepRequest } from '../driver/journey/client.ts'
import { serveRequests } from '../kit/rpc.ts'
import { scriptError } from '../kit/script-error.ts'
import { hookClient } from './hook-client.ts'
import { compileScript } from './runtime/compile-script.ts'
import { instantiate, type ScriptInstance } from './runtime/instantiate.ts'
import { sharedState } from './runtime/shared-state.ts'
import type { ScriptDescription } from './script-plan.ts'

/**
 * The process in which a k6 script is loaded, so that its code does not run in `lb` itself. `start` describes the
 * script; `setup` and `teardown` call its functions of these names, whose requests are part of no measurement.
 */
let loaded: { instance: ScriptInstance; files: ReadonlySet<string> } | undefined

serveRequests({
  async start({
    file,
    env,
  }: {
    file: string
    env: Readonly<Record<string, string>>
  }): Promise<ScriptDescription> {
    const text = readFileSync(file, 'utf8')
    const script = compileScript(file, (path) => readFileSync(path, 'utf8'))
    const files = new Set(script.modules.map((module) => module.file))
    const shared = sharedState(env)
    const instance = await instantiate(script, shared, 0).catch((error: unknown) => {
      throw Object.assign(
        scriptError(error, (path) => files.has(path)),
        { exitCode: 2, hint: 'correct the script' },
      )
    })
    loaded = { instance, files }
    const { options = {}, ...exports } = instance.exports
    return {
      ...{ file, text, env },
      options: JSON.parse(JSON.stringify(options)),
      functions: Object.keys(exports).filter((name) => typeof exports[name] === 'function'),
      metrics: Object.fromEntries(shared.metrics),
    }
  },

  /** The address of the first request of an iteration, which is not sent. */
  async firstUrl({
    exec,
    env,
    data,
  }: {
    exec: string
    env?: Readonly<Record<string, string>>
    data?: string
  }): Promise<string | undefined> {
    if (loaded !== undefined) Object.assign(loaded.instance.user.env, env)
    let first: string | undefined
    const stopAt = async ({ url }: StepRequest): Promise<never> => {
      first ??= url
      throw new Error('nothing is sent yet')
    }
    const client = { ...hookClient(), request: stopAt, pause: async () => undefined }
    await callFunction(exec, data, client).catch(() => undefined)
    return first
  },

  /** The result of `setup()`, as JSON; undefined where it returns nothing. */
  setup: () => callHook('setup'),
  teardown: (data: string | undefined) => callHook('teardown', data),
  /** The texts that `handleSummary` returns, by file; none where it returns no object. */
  async summary(data: string): Promise<Record<string, string>> {
    if (typeof loaded?.instance.exports.handleSummary !== 'function') return {}
    const texts = await callFunction('handleSummary', data, hookClient())
    if (typeof texts !== 'object' || texts === null) return {}
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, String(text)]))
  },
  stop: () => undefined,
})

async function callHook(
  name: 'setup' | 'teardown',
  data?: string | null,
): Promise<string | undefined> {
  if (typeof loaded?.instance.exports[name] !== 'function') return undefined
  try {
    return JSON.stringify(await callFunction(name, data, hookClient()))
  } catch (error) {
    throw Object.assign(error as Error, { hint: `${name}() of the script failed` })
  }
}

/** Calls an exported function with the data of `setup()`. */
async function callFunction(
  name: string,
  data: string | null | undefined,
  client: JourneyClient,
): Promise<unknown> {
  if (loaded === undefined) throw new Error('the script is not loaded')
  const { instance, files } = loaded
  const { user, exports } = instance
  user.client = client
  try {
    const call = exports[name] as (data: unknown) => unknown
    return await call(typeof data === 'string' ? JSON.parse(data) : undefined)
  } catch (error) {
    throw scriptError(error, (path) => files.has(path))
  } finally {
    user.client = undefined
  }
}
