/** Part of a stored document of which nothing is known yet: it is checked against the schema afterwards. */
type Json = unknown
type Fields = Readonly<Record<string, Json>>
type Change = (value: Json) => Json

/**
 * Turns a version-1 document into version 2: fields have other names, sentences become reasons, and each estimate has
 * its estimator. What a sentence says cannot be turned into data again, so it stays as `version-1-text`.
 */
export function fromVersion1(document: object): object {
  return change(document, {
    version: () => 2,
    plan,
    placement: (value) => [asReason(value)],
    trials: each(trial),
    endings: rename('phaseEndings', each(ending)),
    findings: each(finding),
    comparisons: each(comparison),
    targets: each(targetFacts),
    baseline: (value) => change(value, { differs: rename('differences', each(asReason)) }),
    curves: each(curve),
    gates: each(gate),
    warnings: each(asReason),
  }) as object
}

function plan(value: Json): Json {
  return change(value, {
    faults: each((one) => change(one, { ails: rename('effect') })),
    skipped: each(skippedArm),
  })
}

/** Kinds of error that were sentences. */
const dropKinds = {
  'not sent: the driver was too late': rename('not-sent-driver-late'),
  'not sent: the target refuses': rename('not-sent-target-refuses'),
  'not sent: too many in flight': rename('not-sent-too-many-in-flight'),
}

/** There was one reason only. */
function skippedArm(value: Json): Json {
  return change(value, { reason: () => ({ code: 'algorithm-missing', values: {} }) })
}

function trial(value: Json): Json {
  return change(value, {
    driverStill: rename('driverStalled'),
    faultCourse: rename('faultTimeline'),
    processes: each((one) => change(one, { course: rename('timeline') })),
    host: (one) => change(one, { hiccups: rename('timerJitter') }),
    verdict: (one) =>
      change(one, {
        limitedBy: rename('bottleneck', bottleneck),
        because: rename('reason', asReason),
        reasons: each(asReason),
      }),
    errorKinds: (one) => change(one, dropKinds),
  })
}

function ending(value: Json): Json {
  return change(value, { reason: rename('endedBy'), halfWidth: rename('widestHalfWidth') })
}

function finding(value: Json): Json {
  return change(value, {
    atLeast: rename('isLowerBound'),
    limitedBy: rename('bottleneck', bottleneck),
    because: rename('reason', asReason),
    notes: each(asReason),
    metrics,
    balance: (one) =>
      change(one, {
        against: rename('basis'),
        greatestDeviation: rename('maxDeviation'),
        slowest: (slowest) => change(slowest, { bySpeed: rename('shareBySpeed') }),
      }),
    faults: each(faultFinding),
  })
}

/** Estimates of an arm: percentiles are of merged histograms, all others of the trials' values. */
function metrics(value: Json): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, summary]) => [
      name,
      estimated(/^latencyP\d/.test(name) ? 'merged histograms' : ofValues(summary))(summary),
    ]),
  )
}

/** Version 1 took the mean of fewer than 8 values, and the pseudo-median from 8 on. */
function ofValues(summary: Json): string {
  return isObject(summary) && Number(summary.n) < 8 ? 'mean' : 'pseudo-median'
}

/** A summary with its estimator, and with its warnings as reasons. */
function estimated(estimator: string): Change {
  return (summary) =>
    isObject(summary)
      ? { ...(change(summary, { warnings: each(asReason) }) as Fields), estimator }
      : summary
}

function faultFinding(value: Json): Json {
  return change(value, {
    failed: trialRange,
    detect: trialRange,
    recover: trialRange,
    usualShare: rename('shareBefore', trialRange),
    share: rename('shareDuring', trialRange),
    worstP99: rename('maxP99', trialRange),
  })
}

function trialRange(value: Json): Json {
  return change(value, { middle: rename('median') })
}

function comparison(value: Json): Json {
  const isOfTwoRuns = isObject(value) && value.arm === value.base
  const ratio = estimated(isOfTwoRuns ? 'shift' : 'pseudo-median')
  return change(value, {
    ratio,
    asMeasured: rename('uncorrectedRatio', ratio),
    answer: rename(
      'outcome',
      words({ unclear: 'inconclusive', 'cannot decide': 'too few trials' }),
    ),
  })
}

function targetFacts(value: Json): Json {
  return change(value, {
    unfair: rename('configWarnings', each(asReason)),
    differs: rename('responseDifferences', each(asReason)),
  })
}

function curve(value: Json): Json {
  return change(value, {
    points: each((one) =>
      change(one, {
        speedUp: rename('speedup'),
        projection: (summary) => estimated(ofValues(summary))(summary),
      }),
    ),
    fit: (one) => change(one, { warnings: each(asReason) }),
    notes: each(asReason),
  })
}

function gate(value: Json): Json {
  return change(value, {
    limit: rename('threshold'),
    state: words({ unclear: 'inconclusive' }),
    because: rename('reasons', (sentence) => [asReason(sentence)]),
  })
}

const bottleneck = words({ nothing: 'none' })

/** A sentence as a reason; anything else stays as it is, and is refused. */
function asReason(value: Json): Json {
  return typeof value === 'string' ? { code: 'version-1-text', values: { text: value } } : value
}

/** A field under its new name, and what becomes of its value. */
interface Renamed {
  readonly name: string
  readonly value: Change
}

function rename(name: string, value: Change = (same) => same): Renamed {
  return { name, value }
}

/** An object with some of its fields changed, in their order; what is no object stays as it is. */
function change(value: Json, changes: Readonly<Record<string, Change | Renamed>>): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, old]) => {
      const how = changes[name]
      if (how === undefined) return [name, old]
      return typeof how === 'function' ? [name, how(old)] : [how.name, how.value(old)]
    }),
  )
}

function isObject(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Each of a list; what is no list stays as it is. */
function each(one: Change): Change {
  return (value) => (Array.isArray(value) ? value.map(one) : value)
}

/** Words by others. */
function words(others: Readonly<Record<string, string>>): Change {
  return (value) => (typeof value === 'string' ? (others[value] ?? value) : value)
}
