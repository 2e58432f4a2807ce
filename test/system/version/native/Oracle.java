import java.io.*;
import org.apache.maven.artifact.versioning.*;

/** Lines in, answers out, by Maven's own classes; argument "satisfies" for ranges. */
public class Oracle {
	public static void main(String[] args) throws IOException {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
		PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, "UTF-8");
		for (String line; (line = in.readLine()) != null; ) {
			String[] p = line.split("\t", -1);
			if (args.length > 0) {
				try {
					VersionRange r = VersionRange.createFromVersionSpec(p[1]);
					out.println(r.containsVersion(new DefaultArtifactVersion(p[0])) ? "yes" : "no");
				} catch (InvalidVersionSpecificationException e) {
					out.println("!");
				}
				continue;
			}
			int r = new ComparableVersion(p[0]).compareTo(new ComparableVersion(p[1]));
			out.println(r < 0 ? "<" : r > 0 ? ">" : "=");
		}
		out.flush();
	}
}
