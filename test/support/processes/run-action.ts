import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parse } from 'yaml'

interface Step {
  readonly id?: string
  readonly name: string
  readonly if?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly 'working-directory'?: string
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

/** How a job uses a composite action. */
export interface ActionOptions {
  /** Folder of the action. */
  readonly action: string
  /** The checkout of the repository that uses it. */
  readonly workspace: string
  /** Temporary folder of the runner. */
  readonly temp: string
  readonly inputs: Readonly<Record<string, string>>
  /** Values of the context `github`: `event.pull_request.number`. */
  readonly github?: Readonly<Record<string, string>>
  readonly env?: NodeJS.ProcessEnv
}

/** What a step printed, and its exit code; undefined where its condition did not hold. */
export interface StepResult {
  readonly name: string
  readonly code: number | undefined
  readonly output: string
}

/**
 * Runs the steps of a composite action as a runner of GitHub does: expressions in `env` and `if`
 * are replaced by their values, and a step after a failed one runs only where its condition says so. Steps that use other
 * actions are left out. Knows the few forms of expressions that the action has, and throws at any other.
 */
export async function runAction(options: ActionOptions): Promise<StepResult[]> {
  const { inputs, runs }: Action = parse(await readFile(join(options.action, 'action.yml'), 'utf8'))
  const values = new Map<string, string>([
    ...Object.entries(inputs).map(([name, one]) => entry(`inputs.${name}`, one.default ?? '')),
    ...Object.entries(options.inputs).map(([name, value]) => entry(`inputs.${name}`, value)),
    entry('github.action_path', options.action),
    ...Object.entries(options.github ?? {}).map(([name, value]) => entry(`github.${name}`, value)),
  ])
  const results: StepResult[] = []
  for (const step of runs.steps) {
    if (step.run === undefined) continue
    const failed = results.some(({ code }) => code !== undefined && code !== 0)
    if (!holds(step.if, failed, values)) {
      results.push({ name: step.name, code: undefined, output: '' })
      continue
    }
    results.push(await runStep(step, options, values))
  }
  return results
}

function entry(name: string, value: string): [string, string] {
  return [name, value]
}

async function runStep(
  step: Step,
  { workspace, temp, env }: ActionOptions,
  values: Map<string, string>,
): Promise<StepResult> {
  const outputs = join(temp, 'outputs')
  await writeFile(outputs, '')
  const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, values)])
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', step.run ?? ''], {
    cwd: join(workspace, filled(step['working-directory'] ?? '.', values)),
    env: {
      ...process.env,
      ...env,
      ...Object.fromEntries(own),
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: outputs,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  for (const line of (await readFile(outputs, 'utf8')).split('\n').filter(Boolean)) {
    const [name = '', ...value] = line.split('=')
    values.set(`steps.${step.id}.outputs.${name}`, value.join('='))
  }
  return { name: step.name, code, output: stdout + stderr }
}

/** A text with the values of its expressions: `${{ A.B }}`, `${{ A.B || 'C' }}`. */
function filled(template: string, values: Map<string, string>): string {
  return template.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const terms = expression.split('||').map((term) => termValue(term.trim(), values))
    return terms.find((term) => term !== '') ?? ''
  })
}

function holds(condition: string | undefined, failed: boolean, values: Map<string, string>) {
  if (condition === undefined) return !failed
  const [, inner = ''] = /^\$\{\{(.*)\}\}$/.exec(condition.trim()) ?? []
  return inner.split('&&').every((part) => {
    const term = part.trim()
    if (term === '!cancelled()') return true
    const [, left = '', operator, right = ''] = /^(\S+) (==|!=) (\S+)$/.exec(term) ?? []
    if (operator === undefined) throw new Error(`the condition "${term}" is not known here`)
    return (termValue(left, values) === termValue(right, values)) === (operator === '==')
  })
}

function termValue(term: string, values: Map<string, string>): string {
  const [, literal] = /^'(.*)'$/.exec(term) ?? []
  if (literal !== undefined) return literal
  if (!/^[\w.-]+$/.test(term)) throw new Error(`the expression "${term}" is not known here`)
  return values.get(term) ?? ''
}
