import http from 'k6/http';
import { check } from 'k6';

const file = open('./users.json', 'b');

export default function () {
  const res = http.post('http://shop.test/echo', {
    field: 'a field',
    file: http.file(file, 'users.json', 'application/json'),
  });
  check(res, {
    'has both': (r) => r.body.includes('name="field"') && r.body.includes('filename="users.json"'),
  });
}
