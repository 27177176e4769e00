import { type RunningTarget, startTarget } from '../../src/lab/running-target.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import type { Target, TargetSettings } from '../../src/targets/target.ts'
import type { EchoBackends } from './echo-backends.ts'

interface TestTargetOptions {
  readonly algorithm?: string
  readonly cores?: number
  readonly weights?: readonly number[]
  readonly settings?: TargetSettings
}

/** A target in front of these backends, stopped when it goes out of scope. */
export async function startTestTarget(
  target: Target,
  backends: Pick<EchoBackends, 'urls'>,
  { algorithm = 'round-robin', cores = 1, weights = [], settings }: TestTargetOptions = {},
): Promise<RunningTarget & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const scratch = opened.use(await openTempDir())
  const started = await startTarget({
    target,
    arm: { name: target.name, target: target.name, algorithm, cores },
    backends: backends.urls.map((url, i) => ({ url, weight: weights[i] ?? 1 })),
    folder: scratch.path,
    seed: 1,
    cpus: undefined,
    signal: new AbortController().signal,
    settings,
  })
  opened.defer(async () => started.running?.stop())
  const kept = opened.move()
  return { ...started, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
