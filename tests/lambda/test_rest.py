"""The functions behind a REST API, for emulators without HTTP APIs."""

import unittest

import deploy
import rendered
import rest
import visit


class Rest(visit.Visit):
    """A stack of its own, made from the same template."""

    @classmethod
    def setUpClass(cls):
        visited = deploy.VISITED
        binaries = visited.binaries[0].parent
        cls.visit(deploy.deploy(visited.aws, binaries, "rest", rest.rest_of, rest.STAGE))

    def test_every_path_of_the_http_api_is_one_of_the_rest_api(self):
        resources = rendered.render(rendered.read())["Resources"]
        of_http = set(resources["Http"]["Properties"]["Body"]["paths"])
        paths = rest.functions(resources)
        folders = {"/", "/v1", "/jwks", "/{proxy+}"}
        self.assertEqual(set(paths), of_http - {rendered.DEFAULT} | folders)
        self.assertIn("${Accounts", paths["/v1/accounts/{proxy+}"]["Fn::Sub"])
        self.assertIn("${EventsApi", paths["/v1/event_types"]["Fn::Sub"])
        self.assertIn("${Dashboard", paths["/v1"]["Fn::Sub"])

    def test_every_function_answers_its_paths(self):
        for path in [
            f"/v1/accounts/{self.account}",
            "/v1/api_keys",
            "/v1/webhooks?environment=test",
            "/v1/events",
            "/v1/logs?kind=api_request&per_page=1",
            "/readyz",
        ]:
            with self.subTest(path):
                self.done("GET", path)

    def test_a_created_resource_can_be_read(self):
        key = self.key(name="Rest")
        self.assertEqual(self.done("GET", f"/v1/api_keys/{key['id']}")["name"], "Rest")

    def test_an_unknown_path_gets_the_documented_error(self):
        for path in ["/v1", "/v1/nothing", "/nothing"]:
            with self.subTest(path):
                status, answer = self.call("GET", path)
                self.assertEqual((status, answer["code"]), (404, "not_found"))


if __name__ == "__main__":
    unittest.main()
