import http from 'k6/http';

export default function () {
  for (let id = 1; id <= 3; id++) {
    http.get(http.url`http://shop.test/posts/${id}`);
    http.get(`http://shop.test/users/${id}/cart?page=${id}`);
    http.get(`http://shop.test/any/${id}`, { tags: { name: 'any' } });
  }
}
