package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers as the reference system writes them. */
class ReferenceWorkerTest {
    private final List<Problem> problems = new ArrayList<>();

    private Map<String, Object> translated(String worker) throws MalformedException {
        List<Node> seen = new ArrayList<>();
        String text = "{\"version\": 2, \"workers\": [" + worker.replace('\'', '"') + "]}";
        TreeReader.read(Syntax.JSON, text, problems, "workers", (index, node) -> seen.add(node));
        Map<String, Node> members = Objects.requireNonNull(seen.get(0).members());
        Map<String, Object> plain = new LinkedHashMap<>();
        Map<String, Node> made = ReferenceWorker.translated("workers[0]", members, problems);
        if (made != null) {
            made.forEach((key, node) -> plain.put(key, node.plain()));
        }
        return plain;
    }

    @Test
    void aRouterBecomesOurs() throws Exception {
        Map<String, Object> router = translated(
                """
                {'type': 'router', 'options': {'title': 'x'},
                 'realms': [
                   {'name': 'realm1', 'roles': [{'name': 'anonymous', 'permissions': [
                      {'uri': '', 'match': 'prefix', 'allow': {'call': true, 'register': true, 'publish': true, 'subscribe': true},
                       'disclose': {'caller': false, 'publisher': false}, 'cache': true},
                      {'uri': 'com.a.*', 'allow': {'call': true, 'publish': true}, 'disclose': {'caller': true, 'publisher': false}},
                      {'uri': 'com..x', 'allow': {'subscribe': true, 'call': false}}]}]},
                   {'name': 'com.example.two', 'roles': []}],
                 'transports': [
                   {'type': 'websocket', 'endpoint': {'type': 'tcp', 'port': 8080}, 'url': 'ws://app.example.com:8080/ws',
                    'options': {'allowed_origins': ['http://x']}},
                   {'id': 'raw', 'type': 'rawsocket', 'max_message_size': 1048576, 'serializers': ['cbor'],
                    'endpoint': {'type': 'unix', 'path': 'raw.sock'},
                    'auth': {'ticket': {'type': 'static', 'principals': {'joe': {'ticket': 't', 'role': 'anonymous'}}},
                             'wampcra': {'type': 'static', 'users': {'ann': {'secret': 's', 'role': 'anonymous', 'salt': 'y'}}},
                             'cryptosign': {'type': 'static', 'principals': {
                               'c@x': {'realm': 'realm1', 'role': 'anonymous', 'authorized_keys': ['ab']}}}}},
                   {'type': 'web', 'endpoint': {'type': 'tcp', 'port': 443, 'interface': '0.0.0.0',
                      'tls': {'key': 'k.pem', 'certificate': 'c.pem'}},
                    'paths': {'ws': {'type': 'websocket', 'auth': {'anonymous': {'type': 'static', 'role': 'anonymous'}}}}}]}
                """);
        assertThat(problems).isEmpty();
        assertThat(router.get("realms"))
                .isEqualTo(Map.of(
                        "realm1",
                        Map.of(
                                "name",
                                "realm1",
                                "roles",
                                Map.of(
                                        "anonymous",
                                        Map.of(
                                                "permissions",
                                                List.of(
                                                        rule(
                                                                "*",
                                                                "exact",
                                                                false,
                                                                "call",
                                                                "register",
                                                                "publish",
                                                                "subscribe"),
                                                        rule("com.a.", "prefix", true, "call"),
                                                        rule("com.a.", "prefix", false, "publish"),
                                                        rule("com..x", "wildcard", false, "subscribe")),
                                                "meta",
                                                "testaments"))),
                        "realm002",
                        Map.of("name", "com.example.two", "roles", Map.of())));
        assertThat(router.get("transports"))
                .isEqualTo(Map.of(
                        "transport001",
                        Map.of(
                                "type", "websocket",
                                "address", "127.0.0.1:8080",
                                "hosts", List.of("app.example.com"),
                                "origins", List.of("http://x"),
                                "auth", Map.of("anonymous.role", "anonymous")),
                        "raw",
                        Map.of(
                                "type",
                                "rawsocket",
                                "path",
                                "raw.sock",
                                "limits.message",
                                1048576L,
                                "auth",
                                Map.of(
                                        "ticket.principals", Map.of("joe", Map.of("ticket", "t", "role", "anonymous")),
                                        "wampcra.principals",
                                                Map.of("ann", Map.of("secret", "s", "role", "anonymous", "salt", "y")),
                                        "cryptosign.principals",
                                                Map.of(
                                                        "principal001",
                                                        Map.of(
                                                                "authid", "c@x",
                                                                "realm", "realm1",
                                                                "role", "anonymous",
                                                                "public_keys", List.of("ab"))))),
                        "transport003",
                        Map.of(
                                "type",
                                "websocket",
                                "address",
                                "0.0.0.0:443",
                                "tls",
                                Map.of("key", "k.pem", "cert", "c.pem"),
                                "auth",
                                Map.of("anonymous.role", "anonymous"))));
    }

    private static Map<String, Object> rule(String uri, String match, boolean disclose, String... allow) {
        return Map.of("uri", uri, "match", match, "disclose", disclose, "allow", List.of(allow));
    }

    @Test
    void aContainerAndAGuestBecomeOurs() throws Exception {
        assertThat(
                        translated(
                                """
                        {'type': 'container', 'options': {'shutdown': 'shutdown-on-any-component-stopped'}, 'components': [
                          {'type': 'class', 'classname': 'x.A', 'extra': {'a': 1}}, {'id': 'own', 'bundle': 'b.jar'}]}
                        """))
                .isEqualTo(Map.of(
                        "type",
                        "container",
                        "options",
                        Map.of("components_exit", "shutdown-on-any-component-stopped"),
                        "components",
                        List.of(
                                Map.of("id", "component001", "class", "x.A", "config", Map.of("a", 1L)),
                                Map.of("id", "own", "bundle", "b.jar"))));
        String guest = "{'type': 'guest', 'executable': 'x', 'options': {'env': {'inherit': true}}}";
        assertThat(translated(guest).toString()).isEqualTo("{type=guest, executable=x, options={env={inherit=true}}}");
        String pinned = "{'type': 'guest', 'executable': 'x', 'options': {'cpu_affinity': [0, 2]}}";
        assertThat(translated(pinned).toString()).isEqualTo("{type=guest, executable=x, options={cpu_affinity=0,2}}");
        assertThat(problems).isEmpty();
    }

    /** The kind: what was refused is handed on, and said to be wrong a second time in words that lead elsewhere. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'websocket-testee','id':'a'} | {}",
                "{'type':'router','transports':[{'type':'web','endpoint':{'type':'tcp','port':1},'paths':{'/':{'type':'static'}}}]} | {type=router, transports={}}",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1},'auth':{'ticket':{'type':'dynamic'}}}]} | {type=router, transports={}}",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1},'auth':{'anonymous':{'type':'dynamic'}}}]} | {type=router, transports={}}",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1},'auth':{'cookie':{}}}]} | {type=router, transports={}}",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1},'auth':{'cookie':{},'anonymous':{}}}]} | {type=router, transports={transport001={type=websocket, address=127.0.0.1:1, auth={anonymous.role=anonymous}}}}",
            })
    void whatIsRefusedIsNotLookedAtAgain(String worker, String left) throws Exception {
        assertThat(translated(worker)).hasToString(left);
        assertThat(problems).isNotEmpty();
    }

    @Test
    void whatIsOursStaysAsItIs() throws Exception {
        String ours = "{'type': 'router', 'realms': {'a': {'roles': {}}}, 'options': {'transports': {'t': {}}}}";
        assertThat(translated(ours).toString())
                .isEqualTo("{type=router, realms={a={roles={}}}, options={transports={t={}}}}");
        String other = "{'type': 'acme', 'manhole': 1, 'options': {'reactor': 'r'}}";
        assertThat(translated(other).toString()).isEqualTo("{type=acme, manhole=1, options={reactor=r}}");
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'proxy'} | type | take the worker out",
                "{'type':'guest','manhole':{}} | manhole | there is none",
                "{'type':'router','components':[]} | components | of type 'container'",
                "{'type':'container','options':{'pythonpath':['..']}} | options.pythonpath | 'classpath'",
                "{'type':'container','options':{'reactor':'epoll'}} | options.reactor | leave it out",
                "{'type':'container','components':[{'type':'wamplet'}]} | components[0].type | a class of Java",
                "{'type':'container','components':[{'type':'class','transport':{}}]} | components[0].transport | options.connect",
                "{'type':'router','realms':[{'name':'r','store':{}}]} | realms[0].store | event history",
                "{'type':'router','realms':[{'name':'r','rlinks':[]}]} | realms[0].rlinks | not linked",
                "{'type':'router','realms':[{'roles':[]}]} | realms[0].name | is missing",
                "{'type':'router','realms':[{'name':'r','roles':[{'name':'a','authorizer':'x'}]}]} | realms[0].roles[0].authorizer | list 'permissions'",
                "{'type':'router','realms':[{'name':'r','roles':[{'name':'a'},{'name':'a'}]}]} | realms[0].roles[1] | there already",
                "{'type':'router','realms':[{'name':'r','roles':[{'name':'a','permissions':[{'uri':'x','validate':{}}]}]}]} | realms[0].roles[0].permissions[0].validate | leave it out",
                "{'type':'router','transports':[{'type':'mqtt','endpoint':{'type':'tcp','port':1}}]} | transports[0].type | websocket and rawsocket",
                "{'type':'router','transports':[{'type':'websocket'}]} | transports[0].endpoint | is missing",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'onion'}}]} | transports[0].endpoint.type | tcp and unix",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':'$PORT'}}]} | transports[0].endpoint.port | must be a number",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1,'tls':{'dhparam':'x'}}}]} | transports[0].endpoint.tls.dhparam | leave it out",
                "{'type':'router','transports':[{'type':'web','endpoint':{'type':'tcp','port':1},'paths':{'/':{'type':'static'},'ws':{'type':'websocket'}}}]} | transports[0].paths./ | web services are not there",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1},'options':{'auto_ping_size':4}}]} | transports[0].options.auto_ping_size | leave it out",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1},'auth':{'ticket':{'type':'dynamic','authenticator':'x'}}}]} | transports[0].auth.ticket.type | list who may come in",
                "{'type':'router','transports':[{'type':'websocket','endpoint':{'type':'tcp','port':1},'auth':{'cookie':{}}}]} | transports[0].auth.cookie | cookies are not there",
            })
    void whatHasNoMeaningIsRefusedByNameWithWhatToWriteInstead(String worker, String path, String sentence)
            throws Exception {
        translated(worker);
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.path()).isEqualTo("workers[0]." + path);
            assertThat(problem.message()).contains(sentence);
            assertThat(problem.line()).isEqualTo(1);
        });
    }
}
