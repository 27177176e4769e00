import type { FrameCosts } from '../../src/profile/diff/frame-costs.ts'

/** Options of the trials of two algorithms of the built balancer. */
interface ProfiledArmsOptions {
  readonly algorithms: readonly [string, string]
  /** Blocks, each with a trial of both. */
  readonly blocks: number
  /** Seconds. */
  readonly duration: number
  readonly warmup: number
  readonly seed: number
}

/** Costs of the frames of both arms in one block. */
export type ProfiledBlock = readonly [base: FrameCosts, head: FrameCosts]

/** Takes profiles of blocks, in one session; closing it ends its processes. */
interface ProfiledArms extends AsyncDisposable {
  /** The blocks in which both trials are valid, in their order. */
  take(options: ProfiledArmsOptions): Promise<ProfiledBlock[]>
}

/** Opens a session of the build in dist/, the code of which other processes have loaded before it in the same way. */
export async function profiledArms(): Promise<ProfiledArms> {
  const { openSession } =
    await built<typeof import('../../src/experiment/run/session.ts')>('experiment/run/session')
  const { planFor } =
    await built<typeof import('../../src/experiment/run/plan-for.ts')>('experiment/run/plan-for')
  const { profileTrials } = await built<
    typeof import('../../src/experiment/profile/profile-trials.ts')
  >('experiment/profile/profile-trials')
  const { profileSources } = await built<
    typeof import('../../src/experiment/profile/profile-sources.ts')
  >('experiment/profile/profile-sources')
  const { profiledCosts } = await built<
    typeof import('../../src/experiment/profile/profiled-costs.ts')
  >('experiment/profile/profiled-costs')
  const session = await openSession({ signal: new AbortController().signal })
  return {
    async take({ algorithms, blocks, duration, warmup, seed }) {
      const overrides = { algorithms, duration, warmup, trials: blocks, control: false }
      const plan = await planFor({ scenario: 'profile', seed, overrides })
      const kinds = ['cpu'] as const
      const { takerOf } = await profileSources({
        ...{ arms: plan.arms, kinds, hasPid: false, folder: session.tempDir.path },
      })
      const trials = await profileTrials({
        ...{ plan, arms: plan.arms, kinds, blocks, overhead: false, session, takerOf },
      })
      const [base, head] = plan.arms.map(({ name }) => name)
      const costsOf = (arm: string | undefined, block: number) => {
        const found = trials.find(
          ({ measurement: { trial } }) => trial.arm === arm && trial.block === block,
        )
        return found && profiledCosts(found)
      }
      return Array.from({ length: blocks }, (_, block) => [
        costsOf(base, block),
        costsOf(head, block),
      ]).flatMap(([one, other]) => (one && other ? [[one, other] as const] : []))
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

/** A module of the build in dist/. */
async function built<Module>(path: string): Promise<Module> {
  const { href } = new URL(`../../dist/src/${path}.js`, import.meta.url)
  return (await import(href)) as Module
}
