import http from 'k6/http';
import { check } from 'k6';

function retry(times, attempt) {
  for (let left = times; left > 0; left--) {
    const res = attempt(left);
    if (res.status === 200) return res;
  }
  return null;
}

export default function () {
  const res = retry(3, (left) => http.get(`http://shop.test/flaky/${left}`));
  check(res, { 'at last': (r) => r !== null });
}
