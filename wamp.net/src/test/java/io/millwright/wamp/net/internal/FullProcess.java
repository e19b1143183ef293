package io.millwright.wamp.net.internal;

import io.millwright.wamp.net.ListenerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process with a listener that uses up its open files and gives them back: the test's lines on its standard input say when. */
final class FullProcess {
    private FullProcess() {}

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Listening listening = new Listening(loop -> new FakeRouter())) {
            ListenerConfig config = ListenerConfig.tcp("a", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println(((InetSocketAddress) listening.add(config).address()).getPort());
            in.readLine();
            List<FileChannel> files = new ArrayList<>();
            try {
                for (int i = 0; i < 10_000; i++) {
                    files.add(FileChannel.open(Path.of("/dev/null")));
                }
                System.out.println("not full");
            } catch (IOException e) {
                System.out.println("full");
            }
            in.readLine();
            System.out.println(listening.list().get(0).trouble());
            for (FileChannel file : files) {
                file.close();
            }
            in.readLine();
            System.out.println("[" + listening.list().get(0).trouble() + "]");
            in.readLine();
        }
    }
}
