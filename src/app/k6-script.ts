import { readFileSync } from 'node:fs'
import { compileScript } from '../k6/runtime/compile-script.ts'
import { type ScriptDescription, type ScriptPlan, scriptPlan } from '../k6/script-plan.ts'
import { modulePath } from '../kit/module-path.ts'
import { type LabProcess, startProcess } from '../lab/process.ts'

/** Seconds that `setup()` and `teardown()` of a script may take, as in k6. */
const hookSeconds = 60

/** A k6 script, loaded in a process of its own, which ends when it is disposed of. */
export interface K6Script extends AsyncDisposable {
  readonly plan: ScriptPlan
  /** Calls `setup()`, and returns its result as JSON; undefined without one. */
  setup(): Promise<string | undefined>
  /** Address of the first request of an iteration, which is not sent; undefined where it sends none. */
  firstUrl(data: string | undefined): Promise<string | undefined>
  /** The texts that `handleSummary()` makes of these figures (JSON), by file; none without it. */
  summary(figures: string): Promise<Record<string, string>>
  /** Calls `teardown()`. */
  teardown(data: string | undefined): Promise<void>
}

/**
 * Loads a k6 script and reads its options.
 *
 * @param env values of `__ENV`
 * @throws {MistakesError} places in it that cannot be run
 * @throws {UsageError} it cannot be read, or its options cannot be used
 * @throws {ProcessError} it does not load within 10 s
 */
export async function openK6Script(
  file: string,
  env: Readonly<Record<string, string>>,
  timeScale: number,
): Promise<K6Script> {
  // Every place that cannot be run is reported, before any of its code runs.
  compileScript(file, (path) => readFileSync(path, 'utf8'))
  const child = await startProcess({
    name: 'the script',
    file: modulePath('../k6/main', import.meta.url),
  })
  try {
    const script = await child.call<ScriptDescription>('start', { file, env })
    return { ...k6Script(child, scriptPlan(script, timeScale)) }
  } catch (error) {
    await child.stop()
    throw error
  }
}

function k6Script(child: LabProcess, plan: ScriptPlan): K6Script {
  const hook = { timeout: hookSeconds }
  return {
    plan,
    async setup() {
      return (await child.call<string | null>('setup', null, hook)) ?? undefined
    },
    async firstUrl(data) {
      const [first] = plan.scenarios
      const call = { exec: first?.exec, env: first?.env, data }
      return (await child.call<string | null>('firstUrl', call, hook)) ?? undefined
    },
    summary: (figures) => child.call('summary', figures, hook),
    async teardown(data) {
      await child.call('teardown', data ?? null, hook)
    },
    [Symbol.asyncDispose]: () => child.stop(),
  }
}
