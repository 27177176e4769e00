import { check, group } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Rate } from 'k6/metrics';

const failures = new Rate('failures');

export const options = {
  thresholds: {
    'http_req_duration{asset:yes}': ['p(99)<250'],
    'http_req_duration{group:::page::assets}': ['max<250'],
    'http_reqs{expected_response:true}': ['rate>10'],
    'http_req_failed{status:404}': ['rate<=1'],
    'checks{part:assets}': ['rate>0.5'],
    'failures{part:assets}': [{ threshold: 'rate<=0.5', abortOnFail: true }],
    group_duration: ['avg<1000'],
    iterations: ['count>0'],
  },
};

export default function () {
  http.get('http://shop.test/');
  group('page', () => {
    http.get('http://shop.test/missing');
    group('assets', () => {
      const all = http.batch([
        ['GET', 'http://shop.test/style.css', null, { tags: { asset: 'yes' } }],
        ['GET', 'http://shop.test/logo.png', null, { tags: { asset: 'yes' } }],
      ]);
      const passed = check(all, { 'both are there': (r) => r.length === 2 }, { part: 'assets' });
      failures.add(!passed, { part: 'assets' });
    });
  });
  if (exec.scenario.iterationInTest === 1) exec.test.fail('the second iteration fails the test');
}
