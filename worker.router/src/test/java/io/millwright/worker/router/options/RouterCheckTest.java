package io.millwright.worker.router.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.Checked;
import io.millwright.options.OptionChecker;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.serial.Serializers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a router's options that are wrong: where, and what would be right. */
class RouterCheckTest {
    private static final String GOOD =
            """
            {"realms": {"realm1": {"roles": {"app": {"permissions": [
                {"uri": "com.example", "match": "prefix", "allow": ["call", "publish"], "disclose": true},
                {"uri": "com..x", "match": "wildcard", "allow": "subscribe"},
                {"uri": "*", "allow": ["register"]}]}},
                "limits": {"sessions": 5000, "sessions_per_peer": 5000, "queued": "1MiB", "calls": 3}},
              "two": {"name": "com.example.two", "roles": {"app": {"meta": "read"}}}},
             "transports": {"web": {"address": "127.0.0.1:0", "origins": ["*"], "auth": {"anonymous": {"role": "app"}}},
               "raw": {"type": "rawsocket", "path": "run/app.sock", "limits": {"join": "2s", "hello": "4KiB"}, "auth": {
                 "ticket": {"principals": {"joe": {"role": "app", "ticket": "t"}}},
                 "wampcra": {"principals": {"ann": {"authid": "ann@x", "role": "app", "secret_file": "s", "salt": "x"}}}}}}}
            """;

    private static List<Problem> problems(String json) {
        return problems(read(json));
    }

    private static Map<String, Object> read(String json) {
        String message = "[16,1,{},\"t\",[]," + json.replace('\'', '"') + "]";
        Publish read = (Publish) Serializers.JSON.decode(message.getBytes(StandardCharsets.UTF_8));
        return read.payload().kwargs();
    }

    private static Checked checked(Map<String, Object> options) {
        return new OptionChecker(RouterOptions.definitions(), name -> null).check(options);
    }

    private static List<Problem> problems(Map<String, Object> options) {
        Checked checked = checked(options);
        List<Problem> all = new ArrayList<>(checked.problems());
        if (checked.ok()) {
            all.addAll(RouterCheck.of(checked.values()));
        }
        return all;
    }

    @Test
    void whatIsRightIsTaken() {
        assertThat(problems(GOOD)).isEmpty();
    }

    /** The worker is told the values, defaults and all. */
    @Test
    void whatWasCheckedIsTakenAgain() {
        OptionValues values = checked(read(GOOD)).values();
        assertThat(problems(plain(values))).isEmpty();
        assertThat(checked(plain(values)).values().asMap().toString())
                .isEqualTo(values.asMap().toString());
    }

    private static Map<String, Object> plain(OptionValues values) {
        Map<String, Object> plain = new LinkedHashMap<>();
        values.asMap().forEach((key, value) -> plain.put(key, plain(value)));
        return plain;
    }

    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, one) -> plain.put(String.valueOf(key), plain(one)));
            return plain;
        }
        if (value instanceof Duration time) {
            return time.toMillis() / 1000.0;
        }
        return value instanceof OptionValues inner
                ? plain(inner)
                : value instanceof List<?> list
                        ? list.stream().map(RouterCheckTest::plain).toList()
                        : value;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'realms':{'a b':{}}} | realms.a b | is no name",
                "{'realms':{'r':{'name':'a..b'}}} | realms.r.name | is no URI",
                "{'realms':{'r':{},'s':{'name':'r'}}} | realms.s.name | is the name of realm 'r' too",
                "{'realms':{'r':{'rules':{}}}} | realms.r.rules | did you mean 'roles'",
                "{'realms':{'r':{'roles':{'a':{'permissions':[{'uri':'x'}]}}}}} | realms.r.roles.a.permissions[0].allow | missing",
                "{'realms':{'r':{'roles':{'a':{'permissions':[{'uri':'x','allow':['calls']}]}}}}} | realms.r.roles.a.permissions[0].allow | did you mean 'call'",
                "{'realms':{'r':{'roles':{'a':{'permissions':[{'uri':'x.*','allow':['call']}]}}}}} | realms.r.roles.a.permissions.0.uri | with match 'prefix'",
                "{'realms':{'r':{'roles':{'a':{'permissions':[{'uri':'a..b','allow':['call']}]}}}}} | realms.r.roles.a.permissions.0.uri | is no URI",
                "{'realms':{'r':{'limits':{'calls':0}}}} | realms.r.limits.calls | must be 1 to 1000000",
                "{'realms':{'r':{'limits':{'seshions':1}}}} | realms.r.limits.seshions | did you mean 'limits.sessions'",
                "{'realms':{'r':{'limits':{'queued':'1B'}}}} | realms.r.limits.queued | must be 512B to",
                "{'realms':{'r':{'limits':{'sessions_per_peer':'many'}}}} | realms.r.limits.sessions_per_peer | number",
                "{'transports':{'t':{'limits':{'hello':'1MiB'}}}} | transports.t.limits.hello | must be 512B to 64KiB",
                "{'transports':{'t':{'limits':{'join':'1ms'}}}} | transports.t.limits.join | 100ms",
                "{'transports':{'t':{'limits':{'sessions':1}}}} | transports.t.limits.sessions | is not an option",
                "{'transports':{'t':{'auth':{'anonymous':'a'}}}} | transports.t | give 'address'",
                "{'transports':{'t':{'address':'8080','auth':{'anonymous':'a'}}}} | transports.t.address | must be HOST:PORT",
                "{'transports':{'t':{'address':'x:99999','auth':{'anonymous':'a'}}}} | transports.t.address | must be HOST:PORT",
                "{'transports':{'t':{'address':'x:1'}}} | transports.t.auth | lets nobody in",
                "{'transports':{'t':{'address':'x:1','tls':{'cert':'c'},'auth':{'anonymous':'a'}}}} | transports.t.tls | belong together",
                "{'transports':{'t':{'path':'p','type':'rawsocket','origins':['x'],'auth':{'anonymous':'a'}}}} | transports.t.origins | for browsers",
                "{'transports':{'t':{'path':'p','auth':{'ticket':{'principals':{'j':{'role':'a'}}}}}}} | transports.t.auth.ticket.principals.j | give 'ticket'",
                "{'transports':{'t':{'path':'p','auth':{'ticket':{'principals':{'j':{'ticket':'t'}}}}}}} | transports.t.auth.ticket.principals.j.role | missing",
                "{'transports':{'t':{'path':'p','auth':{'cryptosign':{'principals':{'j':{'role':'a','public_keys':['X']}}}}}}} | transports.t.auth.cryptosign.principals.j.public_keys | no Ed25519 public key",
                "{'transports':{'t':{'path':'p','auth':{'anonymous':'a'}},'u':{'path':'p','auth':{'anonymous':'a'}}}} | transports.u | is where transport 't' listens",
                "{'realms':{'r':{'roles':{'app':{}}}},'transports':{'t':{'path':'p','auth':{'anonymous':'ap'}}}} | transports.t.auth.anonymous.role | there are app",
                "{'realms':{'r':{'roles':{'app':{}}}},'transports':{'t':{'path':'p','auth':{'ticket':{'principals':{'j':{'role':'app','realm':'s','ticket':'t'}}}}}}} | transports.t.auth.ticket.principals.j | no realm 's'",
            })
    void whatIsWrongIsSaidInItsPlace(String json, String path, String sentence) {
        assertThat(problems(json)).anySatisfy(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.message()).contains(sentence);
        });
    }

    @Test
    void noSecretIsInASentence() {
        String wrong =
                "{'transports':{'t':{'path':'p','auth':{'ticket':{'principals':{'j':{'role':1,'ticket':'hush'}}}}}}}";
        assertThat(problems(wrong)).isNotEmpty().allSatisfy(problem -> assertThat(problem.toString())
                .doesNotContain("hush"));
    }
}
