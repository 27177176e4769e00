import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { format } from 'node:util'
import type { CompiledModule, CompiledScript } from './compile-script.ts'
import { CookieJar } from './cookie-jar.ts'
import { k6Module } from './k6-core.ts'
import { dataModule } from './k6-data.ts'
import { cryptoModule, encodingModule } from './k6-encoding.ts'
import { executionModule } from './k6-execution.ts'
import { httpModule, namedUrl } from './k6-http.ts'
import { metricsModule } from './k6-metrics.ts'
import { arrayFrom, each } from './loops.ts'
import type { SharedState } from './shared-state.ts'
import type { VirtualUser } from './virtual-user.ts'

type Namespace = Record<string, unknown>

/** A virtual user with its own instance of the script. */
export interface ScriptInstance {
  readonly user: VirtualUser
  /** The exports of the script: `default`, `options`, `setup`, … */
  readonly exports: Readonly<Namespace>
}

/** Evaluates a script for a virtual user: k6's init context, in which nothing is sent. */
export async function instantiate(
  script: CompiledScript,
  shared: SharedState,
  id: number,
): Promise<ScriptInstance> {
  const user: VirtualUser = {
    id,
    iteration: 0,
    client: undefined,
    seeded: undefined,
    jar: new CookieJar(),
    responseCallback: undefined,
    env: { ...shared.env },
    scenario: 'default',
    scenarioIteration: 0,
    groups: [],
    tags: {},
  }
  const namespaces = standIns(user, shared)
  for (const { file } of script.modules) namespaces.set(file, {})
  for (const module of script.modules) {
    const imports = module.imports.map((name) => namespaces.get(name))
    const { evaluate } = module
    await evaluate(
      support(user, module),
      namespaces.get(module.file),
      imports,
      user.env,
      (path: string, mode?: string) => open(path, mode, { module, shared, user }),
      scriptConsole(user),
    )
  }
  return { user, exports: namespaces.get(script.entry) as Namespace }
}

/** The modules of k6, each with a default export that holds the others. */
function standIns(user: VirtualUser, shared: SharedState): Map<string, Namespace> {
  const modules: Record<string, Namespace> = {
    k6: k6Module(user, shared),
    'k6/http': httpModule(user, shared),
    'k6/data': dataModule(shared),
    'k6/metrics': metricsModule(user, shared),
    'k6/execution': executionModule(user, shared),
    'k6/encoding': encodingModule(),
    'k6/crypto': cryptoModule(),
  }
  return new Map(
    Object.entries(modules).map(([name, module]) => [name, { ...module, default: module }]),
  )
}

/** `$lb` of the rewritten modules. */
function support(user: VirtualUser, { file }: CompiledModule): Namespace {
  return {
    get vu() {
      return user.id
    },
    get iteration() {
      return user.iteration
    },
    random: () => (user.seeded ?? user.client?.random ?? Math.random)(),
    url: namedUrl,
    each,
    arrayFrom,
    define(exports: Namespace, getters: Record<string, () => unknown>) {
      for (const [name, get] of Object.entries(getters))
        Object.defineProperty(exports, name, { get, enumerable: true, configurable: true })
    },
    defineAll(exports: Namespace, from: Namespace) {
      for (const name of Object.keys(from))
        if (name !== 'default' && !Object.hasOwn(exports, name))
          Object.defineProperty(exports, name, { get: () => from[name], enumerable: true })
    },
    meta: {
      url: pathToFileURL(file).href,
      resolve: (specifier: string) => new URL(specifier, pathToFileURL(file)).href,
    },
  }
}

/** `open(path)`: a file's text, or its bytes with mode `b`; relative to the file that calls it. Read once for all. */
function open(
  path: string,
  mode: string | undefined,
  of: { module: CompiledModule; shared: SharedState; user: VirtualUser },
): string | ArrayBuffer {
  if (of.user.client !== undefined)
    throw new Error('open() is for the top of a script: files are read before the load begins')
  const file = path.startsWith('file:')
    ? fileURLToPath(path)
    : resolve(dirname(of.module.file), path)
  const key = `${mode === 'b' ? 'bytes' : 'text'} ${file}`
  const known = of.shared.files.get(key)
  if (known !== undefined) return known
  const bytes = readFileSync(file)
  const content = mode === 'b' ? new Uint8Array(bytes).buffer : bytes.toString('utf8')
  of.shared.files.set(key, content)
  return content
}

/** `console` of a script: lines on standard error. While it is loaded, only the first instance prints. */
function scriptConsole(user: VirtualUser): Namespace {
  const print = (...values: unknown[]) => {
    if (user.client !== undefined || user.id === 0) process.stderr.write(`${format(...values)}\n`)
  }
  return { log: print, info: print, warn: print, error: print, debug: print }
}
