import http from 'k6/http';
import { check } from 'k6';

export const options = {
  vus: 10,
  duration: '30s',
  thresholds: {
    http_req_failed: [{ threshold: 'rate<0.01', abortOnFail: true, delayAbortEval: '10s' }],
    http_req_duration: ['p(90) < 400', 'p(95)<800', 'avg<300'],
    checks: ['rate>0.9'],
  },
};

export default function () {
  const res = http.get('http://shop.test/');
  check(res, { ok: (r) => r.status < 400 });
}
