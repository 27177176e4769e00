import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { k6Journey } from '../../src/k6/k6-journey.ts'
import { compileScript } from '../../src/k6/runtime/compile-script.ts'
import { instantiate } from '../../src/k6/runtime/instantiate.ts'
import { sharedState } from '../../src/k6/runtime/shared-state.ts'
import { type ScriptDescription, scriptPlan } from '../../src/k6/script-plan.ts'
import { type FakeClient, fakeClient } from './fake-client.ts'

export const scriptsFolder = resolve(import.meta.dirname, 'scripts')

/** Loads a script as its own process does. */
export async function describeScript(
  file: string,
  env: Record<string, string> = {},
): Promise<ScriptDescription> {
  const readText = (path: string) => readFileSync(path, 'utf8')
  const shared = sharedState(env)
  const { exports } = await instantiate(compileScript(file, readText), shared, 0)
  const { options = {}, ...others } = exports
  return {
    ...{ file, env, text: readText(file) },
    options: JSON.parse(JSON.stringify(options)),
    functions: Object.keys(others).filter((name) => typeof others[name] === 'function'),
    metrics: Object.fromEntries(shared.metrics),
  }
}

/** Runs one iteration of a script with a client whose responses are made up. */
export async function runOnce(
  file: string,
  {
    env = {},
    data,
    client = fakeClient(),
  }: { env?: Record<string, string>; data?: string; client?: FakeClient } = {},
): Promise<FakeClient> {
  const { scenarios, settings, selectors } = scriptPlan(await describeScript(file, env))
  const journey = k6Journey({
    name: 'script',
    weight: 1,
    file,
    k6: { env, scenarios, settings, selectors, data },
  })
  await journey.run(client)
  return client
}
